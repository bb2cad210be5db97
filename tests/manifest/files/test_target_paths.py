"""The places of files in a knowledge base."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.manifest.files.target_paths import Places, place
from owui_sync.manifest.yaml.value_problem import ValueProblem
from tests.support.words import names_in


@pytest.mark.parametrize(
    ("into", "name", "found"),
    [
        ("", "a.md", "a.md"),
        ("x/y", "z/a.md", "x/y/z/a.md"),
        ("/x/", "./a.md", "x/a.md"),
        ("", "e\u0301.md", "\u00e9.md"),
        ("", "a b (1) é 😀 %22 ;'.md", "a b (1) é 😀 %22 ;'.md"),
        ("", "x" * 218, "x" * 218),
    ],
)
def test_a_place_is_the_folder_and_the_name(into: str, name: str, found: str) -> None:
    assert place(into, name) == found


REFUSED = {
    "above": ("../a.md", "`../a.md`"),
    "the folder itself": (".", "`.`"),
    "quote": ('a"b.md', '`"`'),
    "backslash": ("a\\b.md", "`\\`"),
    "tab": ("a\tb.md", "control"),
    "delete": ("a\x7fb.md", "control"),
    "not UTF-8": ("a\udcff.md", "UTF-8"),
    "long": ("x" * 219, "219"),
    "long in bytes": ("é" * 110 + "/a.md", "220"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_name_that_the_server_cannot_keep_is_refused(case: str, golden: SnapshotAssertion) -> None:
    name, told = REFUSED[case]
    with pytest.raises(ValueProblem) as error:
        place("", name)
    assert told in error.value.message
    assert (error.value.message, error.value.hint) == golden


@pytest.mark.parametrize(
    ("one", "other", "names"),
    [
        ("docs/A.md", "docs/a.md", {"docs/A.md", "docs/a.md"}),
        ("Docs/a.md", "docs/b.md", {"Docs/", "docs/"}),
        ("a/b.md", "a", {"a"}),
        ("a", "a/b.md", {"a"}),
        ("STRASSE.md", "straße.md", {"STRASSE.md", "straße.md"}),
    ],
    ids=["file", "folder", "file after folder", "folder after file", "eszett"],
)
def test_places_that_not_every_system_can_have_side_by_side_are_refused(
    one: str, other: str, names: set[str], golden: SnapshotAssertion
) -> None:
    places = Places()
    places.take(one)
    with pytest.raises(ValueProblem) as error:
        places.take(other)
    assert names <= names_in(error.value.message)
    assert (error.value.message, error.value.hint) == golden


def test_other_places_go_together() -> None:
    places = Places()
    for name in ("a.md", "b.md", "x/a.md", "x/y/a.md", "x/y.md", "X.md"):
        places.take(name)
