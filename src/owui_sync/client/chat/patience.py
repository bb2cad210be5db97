"""Creating where many create at the same time: a server on SQLite refuses what it could not write in time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from owui_sync.client.chat.cache import cache_for
from owui_sync.client.errors import ApiError
from owui_sync.client.retry import is_locked
from owui_sync.client.writer import Writer

T = TypeVar("T")

_TRIES = 6


async def retry_when_locked(writer: Writer, create: Callable[[], Awaitable[T]]) -> T:
    """Call `create` and return its result; call it again if the database was locked, so that nothing was stored.

    Only a few go on at the same time.

    Raises:
        ClientError: what `create` raises, at the latest after some ten seconds.
    """
    async with cache_for(writer).writes:
        for tries in range(1, _TRIES):
            try:
                return await create()
            except ApiError as error:
                if not is_locked(error):
                    raise
            await asyncio.sleep(random.uniform(0.1, 0.2) * 2**tries)
        return await create()
