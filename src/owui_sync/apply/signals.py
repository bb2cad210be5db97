"""What SIGINT (Ctrl-C) and SIGTERM do: they end a run at once while nothing was changed, and in good order after that.

The handlers are Python's own and not those of the event loop: they can be taken away while the loop stands still at a
question, and put back.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from owui_sync.errors import Interrupted

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


TERM_SECONDS = 8.0
"""How long SIGTERM lets what is in flight go on: who sends it sends SIGKILL soon after, as a rule 10 s later."""


@contextmanager
def stop_on_signal(notice: Callable[[], None], limit: float = TERM_SECONDS) -> Iterator[Callable[[], bool]]:
    """Within the block, a signal sets a flag instead of ending the program; a second one cancels the task.

    Args:
        notice: called at the first signal, to tell the user.
        limit: seconds after SIGTERM when the task is cancelled without a second signal. A person at a terminal who
            pressed Ctrl-C decides that alone.

    Yields:
        Whether the run is to stop.
    """
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()
    stopped = False
    ends: list[asyncio.TimerHandle] = []

    def stop(number: int) -> None:
        nonlocal stopped
        if stopped and task:
            task.cancel()
        elif not stopped:
            stopped = True
            if task and number == signal.SIGTERM:
                ends.append(loop.call_later(limit, task.cancel))
            notice()

    with _handling(_in_loop(stop)):
        try:
            yield lambda: stopped
        finally:
            for end in ends:
                end.cancel()


@contextmanager
def end_on_signal(words: Callable[[], str]) -> Iterator[None]:
    """Within the block, a signal cancels the task, which ends with `Interrupted` in these words."""
    task = asyncio.current_task()
    assert task is not None
    with _handling(_in_loop(lambda _: task.cancel())), interrupted(words):
        yield


@contextmanager
def interrupted(words: Callable[[], str]) -> Iterator[None]:
    """Raise `Interrupted` with these words where the block is cancelled."""
    try:
        yield
    except asyncio.CancelledError:
        raise Interrupted(words()) from None


@contextmanager
def at_question() -> Iterator[None]:
    """Within the block, a signal raises KeyboardInterrupt: nothing is cancelled while the loop waits for a person."""
    with _handling(signal.default_int_handler):
        yield


def _in_loop(action: Callable[[int], object]) -> Callable[..., None]:
    """Return a handler that calls back between two steps of the event loop, and wakes the loop up."""
    loop = asyncio.get_running_loop()

    def handle(number: int, *_: object) -> None:
        loop.call_soon_threadsafe(action, number)

    return handle


@contextmanager
def _handling(handler: Callable[..., Any]) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
