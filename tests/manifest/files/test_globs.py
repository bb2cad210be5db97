from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from owui_sync.manifest.files.globs import FileFilter, _Steps, _translated, fixed_part, is_glob


@pytest.mark.parametrize(
    ("path", "pattern", "fit"),
    [
        ("a.md", "*.md", True),
        ("x/y/a.md", "*.md", True),
        ("a.mdx", "*.md", False),
        ("x/a.md", "./*.md", False),
        ("a.md", "**/*.md", True),
        ("x/y/a.md", "**/*.md", True),
        ("x/y/a.md", "x/*.md", False),
        ("x/y/a.md", "x/**", True),
        ("xy/a.md", "x/**", False),
        ("x/a.md", "x/?.md", True),
        ("a1.md", "a[0-9].md", True),
        ("ab.md", "a[!b].md", False),
        ("a+b (1).md", "a+b (1).md", True),
    ],
)
def test_a_pattern_fits_what_it_says(path: str, pattern: str, fit: bool) -> None:
    assert FileFilter([pattern]).takes(path) is fit
    assert FileFilter(["*"], [pattern]).takes(path) is not fit


def test_a_path_fits_if_one_of_the_patterns_does() -> None:
    assert FileFilter(["*.txt", "*.md"]).takes("a.md")
    assert not FileFilter([]).takes("a.md")


@pytest.mark.parametrize(
    ("pattern", "fixed", "rest"),
    [("docs/**/*.md", "docs", "**/*.md"), ("*.md", ".", "*.md"), ("a/b/c?/d", "a/b", "c?/d"), ("/*.md", "/", "*.md")],
)
def test_the_fixed_part_ends_before_the_first_wildcard(pattern: str, fixed: str, rest: str) -> None:
    assert fixed_part(pattern) == (fixed, rest)
    assert (is_glob(pattern), is_glob(fixed)) == (True, False)


@pytest.mark.parametrize(
    ("choice", "folder", "entered"),
    [
        (FileFilter(), "a/b", True),
        (FileFilter(["./*.md"]), "a", False),
        (FileFilter(["a/*.md"]), "a", True),
        (FileFilter(["a/*.md"]), "b", False),
        (FileFilter(["a/*.md"]), "a/b", False),
        (FileFilter(["a/*/c.md"]), "a/b", True),
        (FileFilter(["a/**/c.md"]), "a/b/c/d", True),
        (FileFilter(["**/c.md"]), "a", True),
        (FileFilter(["a/**"]), "b", False),
        (FileFilter(["x/*", "*.md"]), "a", True),
        (FileFilter(exclude=["a/**"]), "a", False),
        (FileFilter(exclude=["a/**"]), "b/a", True),
        (FileFilter(exclude=["a/*"]), "a", True),
    ],
)
def test_a_folder_is_entered_if_a_file_in_it_can_be_meant(choice: FileFilter, folder: str, entered: bool) -> None:
    assert choice.may_contain(folder) is entered


PARTS = st.lists(st.sampled_from(["a", "b", "*", "**", "a*", "?"]), min_size=1, max_size=4).map("/".join)
NAMES = st.lists(st.sampled_from(["a", "b", "ab"]), min_size=2, max_size=4)


@given(st.lists(PARTS, min_size=1, max_size=2), st.lists(PARTS, max_size=1), NAMES)
def test_no_file_that_is_meant_lies_in_a_folder_that_is_not_entered(
    include: list[str], exclude: list[str], names: list[str]
) -> None:
    choice = FileFilter(include, exclude)
    if choice.takes("/".join(names)):
        assert all(choice.may_contain("/".join(names[:end])) for end in range(1, len(names)))


@pytest.mark.parametrize("glob", ["**/*a*b*c*d*e", "*a*a*a*a*a*a*a*b", "**a**a**a**b", "**/a/**/a/**/a/**/a/**/b"])
def test_a_glob_with_many_stars_takes_no_time(glob: str) -> None:
    folder = "a/" * 60
    assert not FileFilter([glob]).takes(folder + "abcd" * 60)
    assert not FileFilter([glob]).takes(folder + "a" * 250)


GLOB_PARTS = st.sampled_from(["*", "**", "**/", "/**", "?", "[ab]", "[!a]", "[a*]", "a", "b", "/", "."])


@given(st.lists(GLOB_PARTS, max_size=6).map("".join), st.text("ab/.", max_size=8))
def test_a_glob_means_the_same_however_many_stars_it_has(glob: str, path: str) -> None:
    assert _Steps(glob).fit(path) is bool(re.fullmatch(_translated(glob), path, re.DOTALL))


def test_brackets_that_make_no_sense_are_no_internal_error() -> None:
    assert FileFilter(["[z-a].md"]).takes("x.md") is False
