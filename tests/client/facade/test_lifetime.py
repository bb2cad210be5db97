"""Connections and streams end with the client, or with the event loop, whichever comes first."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any

import httpx
import pytest

from owui_sync import AsyncOpenWebUIClient
from owui_sync.client.errors import ClientClosed
from owui_sync.client.facade.lifetime import Lifetime, watched
from owui_sync.client.transport import Transport
from owui_sync.errors import UsageError


class Carrier(httpx.AsyncBaseTransport):
    """Notes what happens to connections."""

    def __init__(self, happened: list[str]) -> None:
        self._happened = happened

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"data": []})

    async def aclose(self) -> None:
        self._happened.append("closed")


def transport(happened: list[str]) -> Transport:
    return Transport("https://chat.test", "sk-1", http=Carrier(happened))


async def pieces(happened: list[str]) -> AsyncGenerator[int, None]:
    try:
        for number in range(5):
            yield number
            await asyncio.sleep(0)
    finally:
        await asyncio.sleep(0.01)
        happened.append("stored")


Use = Callable[[list[str], Lifetime], Coroutine[Any, Any, object]]


async def left(happened: list[str], lifetime: Lifetime) -> None:
    async for _ in watched(pieces(happened), lambda: lifetime):
        break
    await lifetime.end()


async def kept(happened: list[str], lifetime: Lifetime) -> object:
    stream = watched(pieces(happened), lambda: lifetime)
    assert await anext(stream) == 0
    await lifetime.end()
    with pytest.raises(ClientClosed):
        await anext(stream)
    return stream


async def forgotten_with_the_loop(happened: list[str], lifetime: Lifetime) -> object:
    stream = watched(pieces(happened), lambda: lifetime)
    assert await anext(stream) == 0
    return stream, lifetime


async def cancelled(happened: list[str], lifetime: Lifetime) -> None:
    async def read() -> None:
        async for _ in watched(pieces(happened), lambda: lifetime):
            await asyncio.sleep(1)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(read(), 0.01)
    await lifetime.end()


async def read_to_its_end(happened: list[str], lifetime: Lifetime) -> None:
    assert [piece async for piece in watched(pieces(happened), lambda: lifetime)] == [0, 1, 2, 3, 4]
    await lifetime.end()


@pytest.mark.parametrize("use", [left, kept, forgotten_with_the_loop, cancelled, read_to_its_end])
def test_what_follows_on_a_stream_is_done_before_the_connections_are_closed(
    use: Use, caplog: pytest.LogCaptureFixture
) -> None:
    happened: list[str] = []

    async def main() -> object:
        return await use(happened, Lifetime(transport(happened)))

    held = asyncio.run(main())
    assert happened == ["stored", "closed"]
    assert caplog.messages == []
    del held


def test_an_error_of_a_stream_comes_out_where_it_is_read() -> None:
    async def failing() -> AsyncGenerator[int, None]:
        yield 1
        raise ZeroDivisionError

    async def main() -> None:
        lifetime = Lifetime(transport([]))
        stream = watched(failing(), lambda: lifetime)
        assert await anext(stream) == 1
        with pytest.raises(ZeroDivisionError):
            await anext(stream)
        await lifetime.end()

    asyncio.run(main())


def test_a_client_that_is_never_closed_leaves_no_connection_open() -> None:
    happened: list[str] = []
    one = AsyncOpenWebUIClient("https://chat.test", "sk-1", transport=Carrier(happened))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for number in (1, 2):
            assert asyncio.run(one.list_models()) == []
            assert happened == ["closed"] * number
        asyncio.run(one.close())
        gc.collect()


def test_a_client_that_is_forgotten_in_a_running_loop_closes_its_connections() -> None:
    happened: list[str] = []

    async def main() -> None:
        one = AsyncOpenWebUIClient("https://chat.test", "sk-1", transport=Carrier(happened))
        await one.list_models()
        del one
        gc.collect()
        await asyncio.sleep(0.01)
        assert happened == ["closed"]

    asyncio.run(main())


def test_without_an_event_loop_of_asyncio_a_client_says_so() -> None:
    one = AsyncOpenWebUIClient("https://chat.test", "sk-1", transport=Carrier([]))
    with pytest.raises(UsageError, match="there is no event loop of asyncio"):
        one.list_models().send(None)
