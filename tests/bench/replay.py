"""A bare loop of the same requests: what a plan or an apply would cost without owui-sync around it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from owui_sync.client.connect import Server, connect
from owui_sync.client.writer import Writer

CONCURRENCY = 4
Request = tuple[str, str, bytes, str]
"""Method, URL, body and content type."""


@dataclass(slots=True)
class Recorder(httpx.AsyncBaseTransport):
    """Passes requests on to the network and remembers them, in the order in which they were sent."""

    inner: httpx.AsyncHTTPTransport = field(default_factory=lambda: httpx.AsyncHTTPTransport(verify=False))
    seen: list[Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Passes one request on."""
        body = await request.aread()
        self.seen.append((request.method, str(request.url), body, request.headers.get("content-type", "")))
        return await self.inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Closes the connections."""
        await self.inner.aclose()


@asynccontextmanager
async def recorded(server: Server) -> AsyncIterator[tuple[Writer, Recorder]]:
    """A client whose requests are remembered."""
    recorder = Recorder()
    async with connect(server, recorder) as writer:
        yield writer, recorder


class Loop:
    """A bare client that sends requests four at a time; `took` adds up the seconds.

    Args:
        token: of the server.
    """

    def __init__(self, token: str) -> None:
        self.took = 0.0
        self._client = httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=60, verify=False)

    async def __aenter__(self) -> Loop:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def send(self, requests: Iterable[Request]) -> list[Any]:
        """Sends the requests; returns the answers in the order in which they came."""
        waiting, answers = iter(requests), []

        async def worker() -> None:
            for request in waiting:
                answers.append(await self._one(*request))

        start = time.perf_counter()
        await asyncio.gather(*(worker() for _ in range(CONCURRENCY)))
        self.took += time.perf_counter() - start
        return answers

    async def _one(self, method: str, url: str, body: bytes, kind: str) -> Any:
        headers = {"content-type": kind} if kind else {}
        answer = await self._client.request(method, url, content=body or None, headers=headers)
        if answer.status_code not in (200, 404):
            raise RuntimeError(f"{method} {url}: {answer.status_code} {answer.text[:200]}")
        return answer.json()
