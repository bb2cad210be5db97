"""A sign of life while nothing happens: lines that go on, so that nobody takes a run for dead."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SECONDS = 20.0
"""How often a run that waits says so."""


@contextmanager
def pulse(beat: Callable[[], None]) -> Iterator[None]:
    """Call `beat` again and again while the block runs; only where an event loop does."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        yield
        return

    next_beat: list[asyncio.TimerHandle] = []

    def wait() -> None:
        next_beat[:] = [loop.call_later(SECONDS, again)]

    def again() -> None:
        beat()
        wait()

    wait()
    try:
        yield
    finally:
        next_beat[0].cancel()
