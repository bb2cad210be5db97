"""A limit of requests per second that holds for all tasks of one client together."""

from __future__ import annotations

import asyncio


class RateLimiter:
    """Spreads turns evenly, so that no two are closer than `1 / rate` seconds.

    Args:
        rate: turns per second, above zero; None for no limit.

    Raises:
        ValueError: `rate` is zero or negative.
    """

    def __init__(self, rate: float | None) -> None:
        if rate is not None and rate <= 0:
            raise ValueError(f"a rate of {rate} requests per second lets nothing through")
        self._gap = 1 / rate if rate else 0.0
        self._next = 0.0

    async def turn(self) -> None:
        """Wait for the next turn. A task that gives up while it waits leaves its turn unused."""
        if not self._gap:
            return
        now = asyncio.get_running_loop().time()
        at = max(self._next, now)
        self._next = at + self._gap  # No await since `now` was read: no two tasks can take one turn.
        await asyncio.sleep(at - now)
