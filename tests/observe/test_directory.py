from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from owui_sync.client.connect import Server, connect_read_only
from owui_sync.client.errors import ClientError
from owui_sync.client.reader import Reader
from owui_sync.kinds.base import Names
from owui_sync.observe.directory import DIRECTORIES, directories
from tests.apply.engine import Engine

SERVER = Server(url="http://localhost:8080", token="sk-x")
Fill = Callable[[Reader, Names], Awaitable[None]]


def filled(server: Server, *wanted: str, http: httpx.AsyncBaseTransport | None = None) -> Names:
    names = Names()

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


def test_memberships_bring_the_users_along() -> None:
    assert len(directories(frozenset({"user", "membership"}))) == 1
    assert directories(frozenset({"user", "membership"})) == directories(frozenset({"membership"}))


def test_what_is_no_directory_is_passed_over() -> None:
    assert directories(frozenset({"prompt", "group"})) == []


def test_every_directory_can_be_read_from_a_server(engine: Engine) -> None:
    names = filled(engine.server, *DIRECTORIES)
    assert names.id("user", engine.sandbox.admin_email)
    assert "gpt-4.1" in names.keys("provider")
    assert names.members is not None


def test_e_mails_are_known_in_lower_case() -> None:
    rows = {"users": [{"id": "1", "email": "Ann@Example.COM"}], "total": 1}
    assert filled(SERVER, "user", http=says("/api/v1/users/all", rows)).id("user", "ann@example.com") == "1"


def test_a_provider_model_without_a_name_has_its_id() -> None:
    rows = {"data": [{"id": "a", "name": "Model A"}, {"id": "b"}]}
    names = filled(SERVER, "provider", http=says("/api/models/base", rows))
    assert (names.id("provider", "a"), names.id("provider", "b")) == ("Model A", "b")


def test_members_are_collected_over_all_users() -> None:
    users = [{"id": "1", "email": "a@x", "group_ids": ["g", "h"]}, {"id": "2", "email": "b@x", "group_ids": ["g"]}]
    names = filled(SERVER, "membership", http=says("/api/v1/users/", {"users": users, "total": 2}))
    assert names.members == {"g": ["1", "2"], "h": ["1"]}


def test_a_list_of_users_that_is_not_whole_is_an_error() -> None:
    short = says("/api/v1/users/all", {"users": [{"id": "1", "email": "a@x"}], "total": 2})
    with pytest.raises(ClientError):
        filled(SERVER, "user", http=short)
