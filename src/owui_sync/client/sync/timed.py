"""The time for one call of a method of `OpenWebUIClient`."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Generator
from typing import Any, TypeVar

from owui_sync.client.call_time import within
from owui_sync.client.facade.failures import Timeout, time_of

M = TypeVar("M", bound=Callable[..., Any])


def timed(method: M) -> M:
    """Make a method take `timeout`: the seconds for this call."""

    @functools.wraps(method)
    def call(self: Any, *args: Any, timeout: Timeout = None, **kwargs: Any) -> Any:
        with within(time_of(timeout)):
            return method(self, *args, **kwargs)

    @functools.wraps(method)
    def stream(self: Any, *args: Any, timeout: Timeout = None, **kwargs: Any) -> Generator[Any, None, Any]:
        pieces = method(self, *args, **kwargs)
        try:
            # What is sent for a stream begins with the first piece, and knows the limit from then on.
            with within(time_of(timeout)):
                first = next(pieces)
        except StopIteration as end:
            return end.value
        try:
            yield first
            return (yield from pieces)
        finally:
            pieces.close()

    return stream if inspect.isgeneratorfunction(method) else call  # type: ignore[return-value]
