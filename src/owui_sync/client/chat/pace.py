"""When to look whether an answer is there: the server tells nobody by itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import MutableMapping

_UNKNOWN = 0.03
"""Seconds that an answer takes, as long as nothing is known of its models: few, as to look too early costs a small
request, and to look too late costs the time itself."""

_FIRST, _LONGEST_FIRST = 0.7, 0.5
"""The first look: a part of the usual seconds, and seconds at most, as one answer may be much shorter than others. An
answer that is there by then makes the next first look earlier by the same part."""

_GROWTH = 0.3
"""The next pause: a part of the seconds waited so far. So an answer is noticed late by a small part of the time that it
took, and what it took decides how often the server is asked."""

_SHORTEST, _LONGEST = 0.02, 1.0
"""Seconds that every pause takes, at least and at most. No model answers sooner, and whoever asks more often slows the
server down that he waits for."""

_SLOWER = 0.1
"""How much of the difference an answer changes that was slower than usual; a faster one becomes the usual one."""


class Pace:
    """The pauses of a wait for the answers of a turn.

    Args:
        usual: seconds that answers usually take, by the models of a turn; learned by all waits together.
        models: the models of this turn.
    """

    def __init__(self, usual: MutableMapping[tuple[str, ...], float], models: tuple[str, ...]) -> None:
        self._usual = usual
        self._models = models
        self._start = time.monotonic()
        self._waited = 0.0

    async def first(self) -> None:
        """Wait until the first look is worth its request."""
        await self._pause(min(_FIRST * self._usual.get(self._models, _UNKNOWN), _LONGEST_FIRST))

    async def next(self) -> None:
        """Wait until the next look."""
        await self._pause(_GROWTH * (time.monotonic() - self._start))

    def over(self) -> None:
        """Note that the answers were there at the last look, however long its requests took."""
        waited = self._waited
        usual = self._usual.get(self._models, waited)
        self._usual[self._models] = min(waited, usual + _SLOWER * (waited - usual))

    async def _pause(self, seconds: float) -> None:
        await asyncio.sleep(min(max(seconds, _SHORTEST), _LONGEST))
        self._waited = time.monotonic() - self._start
