"""Questions to a real server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from owui_sync.client.capabilities import version_of
from owui_sync.client.connect import Server, connect
from owui_sync.client.writer import Writer

T = TypeVar("T")


def asking(server: Server, ask: Callable[[Writer], Coroutine[Any, Any, T]]) -> T:
    """What `ask` returns when it is given a client for `server`."""

    async def main() -> T:
        async with connect(server) as writer:
            return await ask(writer)

    return asyncio.run(main())


def counting(server: Server, ask: Callable[[Writer], Coroutine[Any, Any, T]]) -> tuple[T, int]:
    """What `ask` returns, and how many requests it took beside the one that asks for the version once."""

    async def count(writer: Writer) -> tuple[T, int]:
        await version_of(writer)
        before = writer.requests
        return await ask(writer), writer.requests - before

    return asking(server, count)
