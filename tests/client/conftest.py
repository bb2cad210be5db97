from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import stamina

from owui_sync.client.connect import Server
from owui_sync.client.writer import Writer
from owui_sync.sandbox import Sandbox
from tests.support.asking import asking


@pytest.fixture(autouse=True)
def _no_waiting_between_tries() -> Iterator[None]:
    with stamina.set_testing(True, attempts=5):
        yield


@pytest.fixture
def server(open_webui: Sandbox) -> Server:
    return Server(url=open_webui.url, token=open_webui.token)


@pytest.fixture
def plain(server: Server, unique: str) -> Server:
    """The server as an ordinary user sees it (with a JWT, as users get API keys only by permission)."""

    async def add(writer: Writer) -> Any:
        body = {"name": unique, "email": f"{unique}@example.com", "password": unique, "role": "user"}
        return await writer.create("/api/v1/auths/add", body)

    return Server(url=server.url, token=asking(server, add)["token"])
