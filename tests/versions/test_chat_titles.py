"""Chats are found by their titles among more of them than one page shows, on every version."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from owui_sync.client.api import chats
from owui_sync.client.chat import find
from owui_sync.client.connect import Server as Address
from owui_sync.client.writer import Writer
from tests.support.asking import asking
from tests.support.proxy import Proxy, proxied
from tests.support.server import Server

TITLES = ("50 % _off_", "a\\b", "Ä ß İ “x” ?&#", "\U0001f600 'x'--", "long " * 120, "one thing", "one")


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    with proxied(server.project.sandbox) as (_, proxy):
        yield proxy


@pytest.mark.parametrize(("role", "lists"), [("admin", ["1"]), ("user", ["1", None])])
def test_a_title_is_found_wherever_it_is_and_only_users_read_all_titles_for_a_new_one(
    server: Server, proxy: Proxy, unique: str, role: str, lists: list[str | None]
) -> None:
    owner = server.user(unique, role)
    newer = [f"newer {number}" for number in range(chats.PAGE)]
    rows = [{"chat": {"title": title}, "updated_at": 1_000, "created_at": 1_000} for title in (*TITLES, "put away")]
    rows += [{"chat": {"title": title}, "updated_at": 2_000, "created_at": 2_000} for title in newer]
    made = server.post("/api/v1/chats/import", {"chats": rows}, owner.token)
    ids = {row["title"]: row["id"] for row in made}
    server.post(f"/api/v1/chats/{ids['put away']}/archive", {}, owner.token)

    async def look(writer: Writer) -> None:
        for title in TITLES:
            row = await find.chat_by_title(writer, title)
            assert row is not None, title
            assert row["id"] == ids[title]
        assert await find.chat_by_title(writer, "put away") is None
        proxy.seen.clear()
        assert await find.chat_by_title(writer, "on") is None

    asking(Address(url=proxy.url, token=owner.token), look)
    paths = [httpx.URL(path) for _, path in proxy.seen]
    assert [path.params.get("page") for path in paths if path.path == "/api/v1/chats/"] == lists
