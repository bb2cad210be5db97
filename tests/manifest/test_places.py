"""The places of files in a knowledge base."""

from __future__ import annotations

import pytest

from owui_sync.manifest.places import Places, place
from owui_sync.manifest.wrong import Wrong


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


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("../a.md", "`../a.md` is no place"),
        (".", "`.` is no place"),
        ('a"b.md', 'the server spells `"` in a name otherwise'),
        ("a\\b.md", r"the server spells `\` in a name otherwise"),
        ("a\tb.md", "a control character"),
        ("a\x7fb.md", "a control character"),
        ("a\udcff.md", "its name is not UTF-8"),
        ("x" * 219, "a name has at most 218 bytes, and one of its has 219"),
        ("é" * 110 + "/a.md", "a name has at most 218 bytes, and one of its has 220"),
    ],
)
def test_a_name_that_the_server_cannot_keep_is_refused(name: str, words: str) -> None:
    with pytest.raises(Wrong) as error:
        place("", name)
    assert words in error.value.message


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("docs/A.md", "docs/a.md", "`docs/A.md` and `docs/a.md` differ only in upper and lower case"),
        ("Docs/a.md", "docs/b.md", "`Docs/` and `docs/` differ only in upper and lower case"),
        ("a/b.md", "a", "`a` is a file and a folder"),
        ("a", "a/b.md", "`a` is a file and a folder"),
        ("STRASSE.md", "straße.md", "differ only in upper and lower case"),
    ],
)
def test_places_that_not_every_system_can_have_side_by_side_are_refused(one: str, other: str, words: str) -> None:
    places = Places()
    places.take(one)
    with pytest.raises(Wrong) as error:
        places.take(other)
    assert words in error.value.message


def test_other_places_go_together() -> None:
    places = Places()
    for name in ("a.md", "b.md", "x/a.md", "x/y/a.md", "x/y.md", "X.md"):
        places.take(name)
