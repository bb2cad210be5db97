from __future__ import annotations

from typing import Any

from owui_sync.kinds.files.stored import seen
from owui_sync.kinds.knowledge import Knowledge
from owui_sync.kinds.names import IdIndex
from owui_sync.values import inline_file

KNOWLEDGE = Knowledge()
ROW: Any = {"id": "1", "name": "K", "description": None, "access_grants": []}


def stored(filename: str, **more: Any) -> Any:
    return {"id": filename, "filename": filename, "meta": {"file_hash": "h"}, "directory_path": "", **more}


def test_a_list_tells_nothing_about_files() -> None:
    live = KNOWLEDGE.live(ROW, IdIndex())
    assert (dict(live.values), live.unknown) == ({"description": "", "access": "private"}, frozenset({"files"}))


def test_files_read_sorted_by_their_places() -> None:
    rows = [seen(stored("b", directory_path="x")), seen(stored("a"))]
    live = KNOWLEDGE.live(ROW | {"files_seen": rows}, IdIndex())
    assert live.values["files"] == [{"path": "a", "sha256": "h", "size": 0}, {"path": "x/b", "sha256": "h", "size": 0}]
    assert live.unknown == frozenset()


def test_the_normal_form_of_files_is_by_place_and_sources_stay_as_they_are() -> None:
    normal = KNOWLEDGE.field("files").normalise
    one, other = inline_file("b", "x"), inline_file("a", "y")
    assert normal([one, other]) == [other, one]
    assert normal(["b.md", {"name": "a", "content": "x"}]) == ["b.md", {"name": "a", "content": "x"}]
