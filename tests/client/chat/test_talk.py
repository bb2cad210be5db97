"""A call that is cancelled or refused leaves no chat behind that nothing was written to."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from owui_sync import AsyncOpenWebUIClient

URL = "https://chat.test"


class Chats:
    """A server with chats, whose models never answer; it says when something is asked of it."""

    def __init__(self, refuses: bool = False, slow: bool = False) -> None:
        self.chats: dict[str, dict[str, Any]] = {}
        self.asked = asyncio.Event()
        self.making = asyncio.Event()
        self._refuses = refuses
        self._slow = slow

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        path, method = request.url.path, request.method
        if path == "/api/version":
            return httpx.Response(200, json={"version": "0.12.4", "deployment_id": ""})
        if path == "/api/models":
            return httpx.Response(200, json={"data": [{"id": "m", "name": "m"}]})
        if path == "/api/v1/chats/new":
            row = {"id": "made", "title": "T", "chat": json.loads(request.content)["chat"]}
            self.chats["made"] = row
            self.making.set()
            if self._slow:
                await asyncio.sleep(0.05)
            return httpx.Response(200, json=row)
        if path == "/api/chat/completions":
            self.asked.set()
            if self._refuses:
                return httpx.Response(400, json={"detail": "Model not found"})
            await asyncio.sleep(60)
        if path == "/api/v1/chats/made" and method == "DELETE":
            del self.chats["made"]
            return httpx.Response(200, json=True)
        if path == "/api/v1/chats/made":
            return httpx.Response(200, json=self.chats["made"])
        return httpx.Response(200, json=[])


async def _read(client: AsyncOpenWebUIClient) -> None:
    async for _ in client.stream_chat("x", "T"):
        pass


def test_a_chat_that_was_made_for_a_stream_goes_with_it() -> None:
    async def main() -> None:
        server = Chats()
        async with AsyncOpenWebUIClient(URL, "sk-1", "m", transport=httpx.MockTransport(server)) as client:
            reading = asyncio.create_task(_read(client))
            await server.asked.wait()
            assert list(server.chats) == ["made"]
            reading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reading
            assert server.chats == {}
            assert await client.list_models()

    asyncio.run(main())


def test_a_chat_that_is_being_made_while_the_call_is_cancelled_goes_too() -> None:
    async def main() -> None:
        server = Chats(slow=True)
        async with AsyncOpenWebUIClient(URL, "sk-1", "m", transport=httpx.MockTransport(server)) as client:
            asking = asyncio.create_task(client.chat("x", "T"))
            await server.making.wait()
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            assert server.chats == {}

    asyncio.run(main())


def test_a_chat_whose_first_question_is_refused_goes() -> None:
    async def main() -> None:
        server = Chats(refuses=True)
        async with AsyncOpenWebUIClient(URL, "sk-1", "m", transport=httpx.MockTransport(server)) as client:
            assert await client.chat("x", "T") is None
            assert server.asked.is_set()
            assert server.chats == {}

    asyncio.run(main())


def test_a_chat_that_the_server_may_still_write_to_stays() -> None:
    async def main() -> None:
        server = Chats()
        async with AsyncOpenWebUIClient(URL, "sk-1", "m", transport=httpx.MockTransport(server)) as client:
            asking = asyncio.create_task(client.chat("x", "T"))
            await server.asked.wait()
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            assert list(server.chats) == ["made"]

    asyncio.run(main())
