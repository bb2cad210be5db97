from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from owui_sync.client.api.folders import FolderRow
from owui_sync.client.errors import NotFound
from owui_sync.client.reader import Reader, ReadOnly
from owui_sync.kinds.folder import Folder
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.observe.details import complete, with_reliable_token
from owui_sync.plan.snapshot import Snapshot
from tests.support.build import snapshot
from tests.support.fake import Fake, ok, says

LISTED: FolderRow = {"id": "1", "name": "F", "parent_id": None, "updated_at": 1000}
FULL = {**LISTED, "data": {"system_prompt": "Be brief."}, "meta": None}


def listed(key: str = "F", id: str = "1") -> ObservedResource:
    return Folder().live({**LISTED, "path": key, "id": id}, IdIndex())


def completed(answer: Any, *lives: ObservedResource, on: Snapshot, now: float = 2000.0) -> tuple[Snapshot, int]:
    """The completed snapshot and the requests it took."""
    fake = Fake(answer)

    async def main() -> Snapshot:
        async with fake.transport() as transport:
            reader = Reader(ReadOnly(transport))
            reader.server_time = lambda: now  # type: ignore[method-assign]
            return await complete(reader, on, lives, {})

    return asyncio.run(main()), len(fake.seen)


def test_what_was_unknown_is_known_and_the_rest_stays_as_it_was() -> None:
    other = listed("G", "2")
    done, requests = completed(ok(FULL), listed(), on=snapshot(listed(), other))
    (now,) = done.objects["folder/F"]
    assert (now.values["system"], now.unknown, requests) == ("Be brief.", frozenset(), 1)
    assert done.objects["folder/G"] == (other,)


def test_nothing_to_read_costs_nothing() -> None:
    before = snapshot(listed())
    assert completed(ok(FULL), on=before) == (before, 0)


def test_an_object_keeps_the_key_under_which_the_plan_knows_it() -> None:
    moved = replace(listed(), key="Archive/F")
    done, _ = completed(ok(FULL), moved, on=snapshot(moved))
    assert list(done.objects) == ["folder/Archive/F"]
    assert done.objects["folder/Archive/F"][0].key == "Archive/F"


@pytest.mark.parametrize(("now", "marker"), [(1001.9, ""), (1002.0, "1000")])
def test_a_marker_counts_once_no_other_change_can_have_the_same(now: float, marker: str) -> None:
    done, _ = completed(ok(FULL), listed(), on=snapshot(listed()), now=now)
    assert done.objects["folder/F"][0].marker == marker


def test_an_object_that_went_meanwhile_is_an_error() -> None:
    with pytest.raises(NotFound):
        completed(says(404, "gone"), listed(), on=snapshot(listed()))


def test_an_object_without_a_marker_has_none_to_trust() -> None:
    bare = replace(listed(), marker="")
    reader: Any = type("Clock", (), {"server_time": lambda self: 9e9})()
    assert with_reliable_token(bare, reader) == bare
