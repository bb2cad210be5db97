from __future__ import annotations

import asyncio
from typing import Any

import httpx

from owui_sync.client.api import tools
from owui_sync.client.connect import Server, connect_read_only
from tests.support.asking import counting


def test_list_takes_one_request(server: Server) -> None:
    assert counting(server, tools.list_all)[1] == 1


def test_what_is_configured_takes_two_requests(server: Server) -> None:
    assert counting(server, tools.configured)[1] == 2


def configured(*connections: dict[str, Any]) -> list[str]:
    """The ids on a server with one tool and these tool servers, none of which is asked."""

    def answer(request: httpx.Request) -> httpx.Response:
        bodies: dict[str, Any] = {
            "/api/v1/tools/export": [{"id": "lookup"}],
            "/api/v1/configs/tool_servers": {"TOOL_SERVER_CONNECTIONS": list(connections)},
        }
        return httpx.Response(200, json=bodies[request.url.path])

    async def read() -> list[str]:
        server = Server(url="http://localhost:8080", token="sk-x")
        async with connect_read_only(server, httpx.MockTransport(answer)) as reader:
            return await tools.configured(reader)

    return asyncio.run(read())


def test_a_tool_server_goes_by_the_id_in_its_configuration_or_by_its_place() -> None:
    clock = {"url": "http://a", "info": {"id": "clock"}}
    assert configured(clock, {"info": {}}, {"type": "mcp", "info": {"id": "wiki"}}, {"info": None}) == [
        "lookup",
        "server:clock",
        "server:1",
        "server:mcp:wiki",
        "server:3",
    ]


def test_without_tool_servers_there_are_only_tools() -> None:
    assert configured() == ["lookup"]
