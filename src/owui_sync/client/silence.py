"""What is said while the server is silent, so that nobody waits without knowing for what and for how long."""

from __future__ import annotations

import asyncio
import logging
import time
from types import TracebackType

SILENCE = 300.0
"""Seconds without anything new after which what the server works on is given up; models that think are quiet for
minutes."""

_FIRST, _AGAIN = 15.0, 60.0
"""Seconds of silence before it is said, and between two times."""

log = logging.getLogger("owui_sync.client")


class Silence:
    """A wait for something that the server works on; used as a context manager.

    Args:
        what: what is waited for, as it follows "waiting for".
        limit: seconds of silence after which the caller gives it up; None where only its connection limits it.
    """

    def __init__(self, what: str, limit: float | None) -> None:
        self._what, self._limit = what, limit
        self._since = time.monotonic()
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> Silence:
        self._next(_FIRST)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer:
            self._timer.cancel()

    def broken(self) -> None:
        """Note that something came."""
        self._since = time.monotonic()

    def _next(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._tell)

    def _tell(self) -> None:
        quiet = time.monotonic() - self._since
        if quiet < 0.99 * _FIRST:
            self._next(_FIRST - quiet)
            return
        end = f"; it is given up after {self._limit:.0f} s of silence" if self._limit else ""
        log.warning("nothing new for %.0f s: waiting for %s%s", quiet, self._what, end)
        self._next(_AGAIN)
