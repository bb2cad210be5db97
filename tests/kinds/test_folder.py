from __future__ import annotations

import asyncio
from typing import Any

import pytest

from owui_sync.client.reader import Reader, ReadOnly
from owui_sync.kinds.folder import Folder
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.rows import Row
from tests.support.fake import Fake, ok

FOLDER = Folder()


def row(id: str, name: str, parent: str | None = None, **more: Any) -> Any:
    return {"id": id, "name": name, "parent_id": parent, "updated_at": 100, **more}


def read(*rows: Row) -> dict[str, str]:
    """Path -> id of what is read from such a list."""
    found = asyncio.run(FOLDER.read(Reader(ReadOnly(Fake(ok(list(rows))).transport()))))
    return dict(map(FOLDER.identity, found))


def test_a_key_is_the_way_from_the_top() -> None:
    assert read(row("3", "c", "2"), row("1", "a"), row("2", "b", "1")) == {"a": "1", "a/b": "2", "a/b/c": "3"}


def test_what_no_path_can_name_is_passed_over() -> None:
    rows = (row("1", "a/b"), row("2", "in", "1"), row("3", "lost", "gone"), row("4", "x", "5"), row("5", "y", "4"))
    assert read(*rows, row("6", "good")) == {"good": "6"}


def test_of_a_listed_folder_nothing_but_its_place_is_known() -> None:
    live = FOLDER.live(row("1", "a", meta={"icon": "fire"}, path="a"), IdIndex())
    assert (live.values, live.marker) == ({}, "100")
    assert live.unknown == {field.name for field in FOLDER.fields}


def test_a_whole_folder_reads_in_the_words_of_the_manifest() -> None:
    names = IdIndex()
    names.add("knowledge", "Handbook", "k")
    files = [{"type": "collection", "id": "k", "name": "Old name"}, {"type": "file", "id": "f"}]
    data = {"system_prompt": "s", "files": files}
    meta = {"icon": "fire", "background_image_url": None}
    live = FOLDER.live(row("1", "a", data=data, meta=meta, path="a"), names)
    assert live.values == {
        "system": "s",
        "knowledge": ["Handbook", "file:f"],
        "access": "private",
        "meta.icon": "fire",
    }
    assert live.unknown == frozenset()


def test_a_key_names_the_folder_that_it_lies_in() -> None:
    assert list(FOLDER.parents("a/b/c")) == [("folder", "a/b")]
    assert list(FOLDER.parents("a")) == []


def test_what_lies_in_a_moved_folder_moves_with_it() -> None:
    assert FOLDER.key_after_parent_move("a/b/c", "a/b", "x") == "x/c"
    assert FOLDER.key_after_parent_move("a/bc", "a/b", "x") is None


@pytest.mark.parametrize(("new", "refused"), [("a/b", True), ("a/b/c", True), ("ab", False), ("x/a", False)])
def test_a_folder_cannot_be_moved_into_itself(new: str, refused: bool) -> None:
    assert (FOLDER.move_blocker("a", new) is not None) is refused


def test_a_mark_in_seconds_is_trusted_once_its_second_is_over() -> None:
    assert not FOLDER.version_token.is_reliable("100", 101.9)
    assert FOLDER.version_token.is_reliable("100", 102.0)
    assert not FOLDER.version_token.is_reliable("", 200.0)


@pytest.mark.parametrize("access", ["public", {"write": "everyone"}])
def test_a_folder_is_never_for_everyone(access: Any) -> None:
    [(path, _, _)] = FOLDER.problems("a", {"access": access}, None, IdIndex())
    assert path == "access"


def test_a_folder_that_an_old_server_shares_with_everyone_may_stay_so() -> None:
    live = FOLDER.live(row("1", "a", data={}, path="a", access_grants=PUBLIC), IdIndex())
    assert list(FOLDER.problems("a", {"access": "public"}, live, IdIndex())) == []


PUBLIC = [{"principal_type": "user", "principal_id": "*", "permission": "read"}]


@pytest.mark.parametrize("value", ["private", {"read": {"groups": ["Support"]}}])
def test_any_access_needs_a_server_that_shares_folders(value: Any) -> None:
    assert FOLDER.field("access").needs(value) == "0.10.0"
