from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from owui_sync.client.api import tools
from owui_sync.client.connect import Server, connect_read_only
from owui_sync.client.errors import Conflict, NotFound
from owui_sync.client.writer import Writer
from tests.support.asking import asking, counting


def test_list_takes_one_request(server: Server) -> None:
    assert counting(server, tools.list_all)[1] == 1


def test_an_export_takes_one_request(server: Server) -> None:
    assert counting(server, tools.export)[1] == 1


def test_the_tool_servers_take_one_request(server: Server) -> None:
    assert counting(server, tools.servers)[1] == 1


def configured(*connections: dict[str, Any]) -> list[str]:
    """The ids on a server with these tool servers, none of which is asked."""

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/api/v1/configs/tool_servers"
        return httpx.Response(200, json={"TOOL_SERVER_CONNECTIONS": list(connections)})

    async def read() -> list[str]:
        server = Server(url="http://localhost:8080", token="sk-x")
        async with connect_read_only(server, httpx.MockTransport(answer)) as reader:
            return await tools.servers(reader)

    return asyncio.run(read())


def test_a_tool_server_goes_by_the_id_in_its_configuration_or_by_its_place() -> None:
    clock = {"url": "http://a", "info": {"id": "clock"}}
    assert configured(clock, {"info": {}}, {"type": "mcp", "info": {"id": "wiki"}}, {"info": None}) == [
        "server:clock",
        "server:1",
        "server:mcp:wiki",
        "server:3",
    ]


def test_without_tool_servers_there_are_none() -> None:
    assert configured() == []


OLD_IMPORTS = """from utils.misc import x
from  utils import y
import utils
TEXT = "read it from main street, from configs and from apps"
"""
NEW_IMPORTS = """from open_webui.utils.misc import x
from  utils import y
import utils
TEXT = "read it from open_webui.main street, from open_webui.configs and from open_webui.apps"
"""


def test_imports_of_the_old_kind_are_replaced_wherever_they_stand_and_once() -> None:
    assert tools.rewritten(OLD_IMPORTS) == tools.rewritten(NEW_IMPORTS) == NEW_IMPORTS


SOURCE = """from pydantic import BaseModel
# from config
class Tools:
    class Valves(BaseModel):
        limit: int = 5
"""


def test_a_tool_from_its_creation_to_its_end(server: Server, unique: str) -> None:
    async def live(writer: Writer) -> None:
        body = {"id": unique.upper(), "name": "Tool", "content": SOURCE, "meta": {}, "access_grants": []}
        made = await tools.create(writer, body)
        assert (made["id"], made["content"]) == (unique, tools.rewritten(SOURCE))
        with pytest.raises(Conflict):
            await tools.create(writer, body)
        assert await tools.valves(writer, unique) == {}
        assert await tools.set_valves(writer, unique, {"limit": "7", "other": 1}) == {"limit": 7}
        assert await tools.valves(writer, unique) == {"limit": 7}
        changed = await tools.update(writer, unique, {**body, "name": "Other"})
        assert (changed["name"], changed["content"]) == ("Other", tools.rewritten(SOURCE))
        await tools.delete(writer, unique)
        with pytest.raises(NotFound):
            await tools.delete(writer, unique)

    asking(server, live)
