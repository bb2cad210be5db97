"""Waiting for a server that is being started."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from owui_sync.client.errors import ClientError, ServerError, TimedOut
from owui_sync.client.shapes import as_row

if TYPE_CHECKING:
    from owui_sync.client.transport import Transport

_HEALTH = "/health"
_CONFIG = "/api/config"
_PAUSE = 1.0
_ONE_TRY = 10.0
"""Seconds that one request gets: a machine that drops packets must not eat the time for all others."""


class NotReady(TimedOut):
    """The server was not ready in time; `last` is what it said in the end.

    Args:
        seconds: how long was waited.
        last: why the last try failed.
    """

    advice = "look into the log of the server, or allow more time with --wait"

    def __init__(self, seconds: float, last: ClientError) -> None:
        super().__init__(last.method, last.path, seconds)
        first = self.problems[0]
        words = f"the server was not ready within {seconds:g} s: {last.where} {last.happened}"
        self.problems = (replace(first, message=words),)


async def wait_until_ready(transport: Transport, seconds: float) -> None:
    """Ask until the server says that it is healthy and its API answers.

    What stands before a server says all kinds of things while that starts (404, a page, no connection), so every error
    but one of this client's settings is a reason to ask again.

    Raises:
        NotReady: it did not in time.
    """
    end = time.monotonic() + seconds
    while True:
        left = max(end - time.monotonic(), 0.1)
        try:
            await _ask(transport, min(left, _ONE_TRY))
            return
        except ClientError as error:
            if time.monotonic() + _PAUSE >= end:
                raise NotReady(seconds, error) from error
        await asyncio.sleep(_PAUSE)


async def _ask(transport: Transport, seconds: float) -> None:
    health = as_row(await transport.send("GET", _HEALTH, seconds=seconds), "GET", _HEALTH)
    if health.get("status") is not True:
        raise ServerError("GET", _HEALTH, 200, "it is not healthy")
    as_row(await transport.send("GET", _CONFIG, seconds=seconds), "GET", _CONFIG)
