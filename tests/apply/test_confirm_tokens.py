"""Markers that were too young when an object was written: trusted later, if the object is still as it was written."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from owui_sync.apply import confirm_tokens as module
from owui_sync.apply.confirm_tokens import confirm
from owui_sync.client.api.folders import FolderRow
from owui_sync.client.reader import Reader, ReadOnly
from owui_sync.kinds.folder import Folder
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.plan.types import InventoryEntry
from tests.support.fake import Fake, ok, says

DATA = {"system_prompt": "s"}
ROW: FolderRow = {"id": "1", "name": "F", "parent_id": None, "data": DATA, "meta": None, "updated_at": 1000}
ADDRESS = "folder/F"
PLAIN = InventoryEntry("1")


def written() -> ObservedResource:
    return Folder().live({**ROW, "path": "F"}, IdIndex())


def confirmed(answer: httpx.Response, now: float = 2000.0, record: InventoryEntry = PLAIN) -> tuple[str, int]:
    """The marker that is recorded, and the requests it took."""
    fake = Fake(answer)

    async def main() -> dict[str, InventoryEntry]:
        async with fake.transport() as transport:
            reader = Reader(ReadOnly(transport))
            reader.server_time = lambda: now  # type: ignore[method-assign]
            return await confirm(reader, {ADDRESS: record}, {ADDRESS: written()}, IdIndex())

    return asyncio.run(main())[ADDRESS].marker, len(fake.seen)


def test_an_object_that_is_as_it_was_written_gets_its_marker() -> None:
    assert confirmed(ok(ROW)) == ("1000", 1)


@pytest.mark.parametrize("other", [{"data": {"system_prompt": "theirs"}}, {"updated_at": 1001}])
def test_an_object_that_somebody_changed_gets_none(other: dict[str, Any]) -> None:
    assert confirmed(ok({**ROW, **other}))[0] == ""


def test_an_object_that_is_gone_gets_none_and_no_error() -> None:
    assert confirmed(says(404, "gone"))[0] == ""


def test_a_marker_that_was_trusted_at_once_costs_nothing() -> None:
    assert confirmed(ok(ROW), record=InventoryEntry("1", marker="1000")) == ("1000", 0)


def test_a_clock_that_stands_still_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LONGEST", 0.3)
    assert confirmed(ok(ROW), now=1000.0) == ("", 0)
