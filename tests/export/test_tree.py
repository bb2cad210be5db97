from __future__ import annotations

import pytest

from owui_sync.export.entry import Item
from owui_sync.export.placed import Section, Tag
from owui_sync.export.tree import arranged, problem


def test_files_lie_in_a_folder_by_their_places() -> None:
    tree = {"a.md": b"a", "docs/my file.pdf": b"\xff", "docs/x.yaml": b"x: 1\n"}
    assert arranged(tree).files == tree


@pytest.mark.parametrize(
    "place", ["a:b.md", "con.txt", ".hidden", "x/.git/y", "a\nb", "end.", "../up", "/top", "", "cafe\u0301"]
)
def test_what_a_folder_cannot_hold_on_every_system_stands_in_the_manifest(place: str) -> None:
    found = arranged({place: b"text"})
    assert (found.files, found.texts, found.lost) == ({}, {place: "text"}, [])


def test_names_that_differ_in_case_do_not_share_a_folder() -> None:
    found = arranged({"A.md": b"1", "a.md": b"2", "Docs/x": b"3", "docs/y": b"4", "docs": b"5"})
    assert list(found.files) == ["A.md", "Docs/x"]
    assert list(found.texts) == ["a.md", "docs", "docs/y"]


def test_it_is_all_files_or_none() -> None:
    assert problem({"a": b"x"}, ["a"]) is None
    assert "all of its files" in str(problem({"a": b"x"}, ["a", "b"]))
    assert "`a:b`" in str(problem({"a:b": b"\xff"}, ["a:b"]))


def test_the_folder_stands_beside_that_of_the_manifests() -> None:
    section = Section("knowledge")
    item = Item("knowledge", "Hand book", trees={"files": {"a/b.md": b"1", "x:y": b"1\n2", "z:": b"one line"}})
    assert section.place(item) == {
        "files": [
            "../knowledge/Hand-book",
            {"name": "x:y", "content": Tag("file", "knowledge/Hand-book.x-y.md")},
            {"name": "z:", "content": "one line"},
        ]
    }
    assert section.files == {"../knowledge/Hand-book/a/b.md": b"1", "knowledge/Hand-book.x-y.md": b"1\n2"}


def test_two_objects_never_share_a_folder() -> None:
    section = Section("knowledge")
    both = [section.place(Item("knowledge", key, trees={"files": {"a": b"1"}})) for key in ("K", "k")]
    assert both == [{"files": ["../knowledge/K"]}, {"files": ["../knowledge/k-2"]}]
