from __future__ import annotations

import asyncio
from typing import Any

import httpx

from owui_sync.client.api import functions
from owui_sync.client.connect import Server, connect_read_only
from owui_sync.client.writer import Writer
from tests.support.asking import asking, counting

FILTER = """class Filter:
    def inlet(self, body):
        return body
"""


def test_an_export_takes_one_request(server: Server) -> None:
    assert counting(server, functions.export)[1] == 1


def test_valves_that_were_never_set_are_none_in_every_version() -> None:
    """Up to 0.8.12 they are null."""
    rows = [{"id": "a", "name": "A", "content": "", "valves": None}]

    async def read() -> Any:
        there = Server(url="http://localhost:8080", token="sk-x")
        transport = httpx.MockTransport(lambda request: httpx.Response(200, json=rows))
        async with connect_read_only(there, transport) as reader:
            return await functions.export(reader)

    assert asyncio.run(read()) == [{"id": "a", "name": "A", "content": "", "valves": {}}]


def test_a_function_from_its_creation_to_its_end(server: Server, unique: str) -> None:
    async def live(writer: Writer) -> None:
        body = {"id": unique, "name": "Filter", "content": FILTER, "meta": {}}
        made = await functions.create(writer, body)
        assert (made["type"], made["content"], made["is_active"]) == ("filter", FILTER, False)
        assert (await functions.toggle(writer, unique))["is_active"]
        assert (await functions.toggle_global(writer, unique))["is_global"]
        changed = await functions.update(writer, unique, {**body, "content": FILTER + "# from utils\n"})
        assert changed["content"] == FILTER + "# from open_webui.utils\n"
        assert (await functions.get(writer, unique))["is_active"]
        assert await functions.valves(writer, unique) == {}
        await functions.delete(writer, unique)
        await functions.delete(writer, unique)
        assert unique not in {row["id"] for row in await functions.export(writer)}

    asking(server, live)
