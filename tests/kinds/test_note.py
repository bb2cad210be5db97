from __future__ import annotations

from typing import Any

import pytest

from owui_sync.client.api.notes import LISTED
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.note import Note

NOTE = Note()


def row(md: Any, **more: Any) -> Any:
    data = None if md is None else {"content": {"md": md}}
    return {"id": "1", "title": "T", "data": data, "access_grants": [], "updated_at": 5, **more}


def test_a_text_that_a_list_may_have_cut_is_unknown() -> None:
    live = NOTE.live(row("x" * LISTED, listed=True), IdIndex())
    assert (dict(live.values), live.unknown, live.marker) == ({"access": "private"}, frozenset({"content"}), "5")


def test_a_shorter_text_of_a_list_is_the_whole_one() -> None:
    live = NOTE.live(row("x" * (LISTED - 1), listed=True), IdIndex())
    assert (live.values["content"], live.unknown) == ("x" * (LISTED - 1), frozenset())


def test_a_note_that_was_read_by_itself_is_whole() -> None:
    assert NOTE.live(row("x" * 5000), IdIndex()).values["content"] == "x" * 5000


@pytest.mark.parametrize("data", [None, {}, {"content": None}, {"content": {"md": None}}])
def test_a_note_without_text_is_empty(data: Any) -> None:
    assert NOTE.live(row("x") | {"data": data}, IdIndex()).values["content"] == ""
