from __future__ import annotations

from pathlib import Path

import pytest

from owui_sync.manifest.globs import below, fits, fixed_part, is_glob


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
    assert fits(path, [pattern]) is fit


def test_a_path_fits_if_one_of_the_patterns_does() -> None:
    assert fits("a.md", ["*.txt", "*.md"])
    assert not fits("a.md", [])


@pytest.mark.parametrize(
    ("pattern", "fixed", "rest"),
    [("docs/**/*.md", "docs", "**/*.md"), ("*.md", ".", "*.md"), ("a/b/c?/d", "a/b", "c?/d")],
)
def test_the_fixed_part_ends_before_the_first_wildcard(pattern: str, fixed: str, rest: str) -> None:
    assert fixed_part(pattern) == (fixed, rest)
    assert (is_glob(pattern), is_glob(fixed)) == (True, False)


def test_files_below_a_folder_come_sorted_and_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.md", "a/c.md", ".git/x", "a/.hidden"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert list(below(tmp_path)) == ["a/c.md", "b.md"]
