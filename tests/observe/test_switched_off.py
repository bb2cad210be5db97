"""An empty list that only means that the server has objects switched off."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from owui_sync.client.connect import Server, connect_read_only
from owui_sync.kinds.function import Function
from owui_sync.kinds.names import IdIndex
from owui_sync.observe import note_switched_off
from owui_sync.plan.inventory import Inventory
from owui_sync.plan.types import InventoryEntry

INVENTORY = Inventory("s", records={"function/f": InventoryEntry("f"), "prompt/p": InventoryEntry("1")})


def noted(status: int, rows: list[dict[str, str]]) -> tuple[set[str], int]:
    """The kinds that are noted, and how many requests that took."""
    names, asked = IdIndex(), 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        detail = "We could not find what you're looking for :/"
        return httpx.Response(status, json={"id": "f"} if status == 200 else {"detail": detail})

    async def note() -> None:
        server = Server(url="http://localhost:8080", token="sk-x")
        async with connect_read_only(server, httpx.MockTransport(answer)) as reader:
            await note_switched_off(reader, {"function": list(rows), "prompt": []}, INVENTORY, names)

    asyncio.run(note())
    return names.switched_off, asked


@pytest.mark.parametrize(
    ("status", "rows", "expected"),
    [(200, [], ({"function"}, 1)), (401, [], (set(), 1)), (200, [{"id": "g"}], (set(), 0))],
    ids=["switched off", "deleted", "others are there"],
)
def test_an_owned_object_tells_what_an_empty_list_means(
    status: int, rows: list[dict[str, str]], expected: tuple[set[str], int]
) -> None:
    assert noted(status, rows) == expected


def test_an_entry_of_a_kind_that_is_switched_off_is_an_error() -> None:
    names = IdIndex()
    assert list(Function().problems("f", {}, None, names)) == []
    names.switched_off.add("function")
    assert len(list(Function().problems("f", {}, None, names))) == 1
