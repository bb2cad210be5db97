"""Synchronous ways to send requests, in threads: what a program made for itself can be used by this library too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable

import httpx


def in_event_loop(given: httpx.BaseTransport | httpx.AsyncBaseTransport | None) -> httpx.AsyncBaseTransport | None:
    """Return a transport that an event loop can use; an asynchronous one is returned itself."""
    if given is None or isinstance(given, httpx.AsyncBaseTransport):
        return given
    return InThread(given.handle_request)


class InThread(httpx.AsyncBaseTransport):
    """Carries requests with a function that waits for the answer.

    Args:
        send: sends a request; the body of its answer need not have been read.
    """

    def __init__(self, send: Callable[[httpx.Request], httpx.Response]) -> None:
        self._send = send

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Handle a request, for httpx."""
        body = await request.aread()
        mine = httpx.Request(
            request.method, request.url, headers=request.headers, content=body, extensions=request.extensions
        )
        answer = await asyncio.to_thread(self._send, mine)
        return httpx.Response(
            answer.status_code, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions
        )


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: httpx.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncGenerator[bytes, None]:
        assert isinstance(self._answer.stream, httpx.SyncByteStream)
        parts = iter(self._answer.stream)
        while (part := await asyncio.to_thread(next, parts, None)) is not None:
            yield part

    async def aclose(self) -> None:
        """Close the answer, for httpx, when it is not needed any more."""
        await asyncio.to_thread(self._answer.close)
