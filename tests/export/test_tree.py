from __future__ import annotations

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.export.entry import ExportedEntry
from owui_sync.export.side_files import FileSection
from owui_sync.export.tree import Tree, arranged, problem
from tests.support.words import names_in


def file(path: str, sha256: str | None = None) -> dict[str, Any]:
    return {"path": path, "sha256": sha256 or f"digest of {path}", "size": 1}


def test_files_lie_in_a_folder_by_their_places() -> None:
    places = ["a.md", "docs/my file.pdf", "docs/x.yaml"]
    assert arranged(places, "k/K", "k/K-renamed") == {place: f"k/K/{place}" for place in places}


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("a:b.md", "a-b.md"),
        ("x/con.txt", "_con.txt"),
        (".hidden", "hidden"),
        ("x/.git/y", "y"),
        ("a\nb", "a-b"),
        ("end.", "end._"),
        ("../up.md", "up.md"),
        ("/top", "top"),
        ("cafe\u0301", "caf\u00e9"),
        ("x" * 300, "x" * 100),
    ],
)
def test_what_not_every_system_can_call_so_lies_aside_under_another_name(place: str, name: str) -> None:
    assert arranged([place], "k/K", "k/K-renamed") == {place: f"k/K-renamed/{name}"}


def test_names_that_differ_in_case_do_not_share_a_folder() -> None:
    found = arranged(["A.md", "a.md", "Docs/x", "docs/y", "docs"], "own", "aside")
    assert found == {"A.md": "own/A.md", "Docs/x": "own/Docs/x", "a.md": "aside/a.md", "docs": "aside/docs", "docs/y": "aside/y"}  # fmt: skip # noqa: E501


def test_two_names_that_become_one_are_told_apart() -> None:
    assert sorted(arranged(["a:b.md", "a?b.md", "x/a|b.md"], "own", "aside").values()) == [
        "aside/a-b-2.md", "aside/a-b-3.md", "aside/a-b.md",
    ]  # fmt: skip


UNLISTABLE = {
    "one place": ([file("a"), file("a", "2")], {"a"}),
    "quote": ([file('a"b')], {'a"b', '"'}),
    "above": ([file("../a")], {"../a"}),
    "empty folder": ([file("x//a")], {"x//a"}),
    "decomposed": ([file("e\u0301.md")], {"e\u0301.md"}),
    "case": ([file("a.md"), file("A.md")], {"a.md", "A.md"}),
    "file and folder": ([file("a"), file("a/b")], {"a"}),
    "same content": ([file("a", "same"), file("b", "same")], {"a", "b"}),
}


@pytest.mark.parametrize("case", UNLISTABLE)
def test_files_that_no_manifest_can_list_exactly_are_a_problem(case: str, golden: SnapshotAssertion) -> None:
    files, names = UNLISTABLE[case]
    found = problem(files)
    assert names <= names_in(found or "")
    assert found == golden


def test_any_other_files_can_be_listed() -> None:
    assert problem([file("a:b.md"), file("x/.hidden"), file("con"), file("y", ""), file("z", "")]) is None


def test_a_manifest_names_the_folder_and_what_lies_aside() -> None:
    tree = Tree("knowledge/Hand-book", {"x:y": "knowledge/Hand-book-renamed/x-y"})
    assert FileSection("knowledge").place(ExportedEntry("knowledge", "Hand book", tree=tree)) == {
        "files": ["../knowledge/Hand-book", {"path": "../knowledge/Hand-book-renamed/x-y", "as": "x:y"}]
    }
    assert Tree("k/K", {}, ignored=True).sources() == [{"path": "../k/K", "gitignore": False}]
    assert Tree("k/K", {"x:y": "k/a/x-y"}, empty=True).sources() == [{"path": "../k/a/x-y", "as": "x:y"}]
