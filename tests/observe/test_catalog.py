from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from owui_sync.client.connect import Server, connect_read_only
from owui_sync.client.errors import ClientError
from owui_sync.client.reader import Reader
from owui_sync.kinds import KINDS
from owui_sync.kinds.names import IdIndex
from owui_sync.observe.catalog import DIRECTORIES, directories
from tests.support.engine import Engine

SERVER = Server(url="http://localhost:8080", token="sk-x")
Fill = Callable[[Reader, IdIndex], Awaitable[None]]


def filled(server: Server, *wanted: str, http: httpx.AsyncBaseTransport | None = None) -> IdIndex:
    names = IdIndex()

    async def read() -> None:
        async with connect_read_only(server, http) as reader:
            for fill in directories(frozenset(wanted)):
                await fill(reader, names)

    asyncio.run(read())
    return names


def says(path: str, body: object) -> httpx.MockTransport:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path == path
        return httpx.Response(200, json=body)

    return httpx.MockTransport(answer)


def test_what_a_kind_reads_itself_is_no_directory() -> None:
    assert directories(frozenset({*KINDS, "membership"})) == []


def test_only_the_directories_that_are_wanted_are_read() -> None:
    assert directories(frozenset({"tool_server", "user"})) == [DIRECTORIES["tool_server"]]
    assert len(directories(frozenset(DIRECTORIES))) == len(DIRECTORIES)


def test_what_comes_with_the_objects_of_a_kind_is_not_read_once_more() -> None:
    assert directories(frozenset({"permission", "permissions"})) == []
    assert directories(frozenset({"permission"})) == [DIRECTORIES["permission"]]


def test_every_directory_can_be_read_from_a_server(engine: Engine) -> None:
    names = filled(engine.server, *DIRECTORIES)
    assert "gpt-4.1" in names.keys("provider")
    assert set(DIRECTORIES) == {"provider", "askable", "tool_server", "permission"}
    assert "gpt-4.1" in names.keys("askable")


def test_a_provider_model_without_a_name_has_its_id() -> None:
    rows = {"data": [{"id": "a", "name": "Model A"}, {"id": "b"}]}
    names = filled(SERVER, "provider", http=says("/api/models/base", rows))
    assert (names.id("provider", "a"), names.id("provider", "b")) == ("Model A", "b")


def test_a_directory_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(ClientError):
        filled(SERVER, "provider", http=says("/api/models/base", ["not", "a", "mapping"]))
