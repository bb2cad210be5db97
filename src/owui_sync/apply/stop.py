"""The first Ctrl-C ends a run in good order; the second one at once."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stop_on_signal(notice: Callable[[], None]) -> Iterator[Callable[[], bool]]:
    """Within the block, SIGINT and SIGTERM set a flag instead of ending the program; a second one cancels the task.

    Args:
        notice: called at the first signal, to tell the user.

    Yields:
        Whether the run is to stop.
    """
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    stopped = False

    def handle() -> None:
        nonlocal stopped
        if stopped and task:
            task.cancel()
        stopped = True
        notice()

    for number in _SIGNALS:
        loop.add_signal_handler(number, handle)
    try:
        yield lambda: stopped
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
