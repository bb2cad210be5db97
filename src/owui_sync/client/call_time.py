"""The time for one call of a program, which may be made of many requests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import httpx

from owui_sync.client.errors import TimedOut, WrongValue
from owui_sync.client.http_options import seconds_of

Timeout = float | httpx.Timeout | None
"""The parameter `timeout` of a method: seconds for all that it sends, of an `httpx.Timeout` its longest time; None for
no other limit than that of each request."""

_GRACE = 5.0
"""Seconds for what has to be put in order after the time is over, such as storing what came of an answer."""


class CallTime:
    """The time for a call, which runs from when this is made.

    Args:
        seconds: the time.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._ends = time.monotonic() + seconds
        self._told = False

    def left(self) -> float:
        """Return the seconds that a request may take which begins now; 0 the first time that there are none left."""
        left = self._ends - time.monotonic()
        if left > 0:
            return left
        if self._told:
            return max(0.0, left + _GRACE)
        self.over()
        return 0.0

    def over(self) -> None:
        """Note that the call knows that its time is over; what follows puts things in order."""
        self._told = True


def time_of(timeout: Timeout) -> CallTime | None:
    """Return the time that the parameter `timeout` of a call means, which begins now.

    Raises:
        WrongValue: it is not above zero.
    """
    if timeout is None:
        return None
    check_timeout(timeout)
    return CallTime(seconds_of(timeout))


def check_timeout(timeout: float | httpx.Timeout) -> None:
    """Raise WrongValue if a time is not above zero."""
    times = timeout.as_dict() if isinstance(timeout, httpx.Timeout) else {"timeout": timeout}
    for name, seconds in times.items():
        if seconds is not None and not seconds > 0:  # Nothing is above or below `nan`.
            of = "" if name == "timeout" else f"`{name}` of "
            raise WrongValue(f"{of}timeout is {seconds}", hint="it has to be above zero")


_NOW: ContextVar[CallTime | None] = ContextVar("call_time", default=None)


@contextmanager
def within(limit: CallTime | None) -> Iterator[None]:
    """Limit all requests that are sent in the block, together; None changes nothing.

    The limit takes the place of the time that one request may take otherwise, which may be shorter.
    """
    if limit is None:
        yield
        return
    former = _NOW.set(limit)
    try:
        yield
    finally:
        _NOW.reset(former)


def call_time() -> CallTime | None:
    """Return the time for the call that sends the request; None where it has no limit of its own."""
    return _NOW.get()


async def in_time(lines: AsyncGenerator[str, None], limit: CallTime | None, path: str) -> AsyncGenerator[str, None]:
    """Yield the lines of an answer for as long as the call that asked for them has time.

    Args:
        lines: the lines.
        limit: the time for the call; None for no limit of its own.
        path: what was posted to.

    Raises:
        TimedOut: its time is over.
    """
    while True:
        try:
            async with asyncio.timeout(limit.left() if limit else None):
                line = await anext(lines)
        except StopAsyncIteration:
            return
        except TimeoutError:
            if limit is None:
                raise
            raise timed_out(limit, path) from None
        yield line


def timed_out(limit: CallTime, path: str) -> TimedOut:
    """Return the error of a call whose time is over while it reads an answer; what follows puts things in order."""
    limit.over()
    return TimedOut("POST", path, limit.seconds, whole_call=True)
