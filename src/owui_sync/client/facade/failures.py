"""What a method of the two classes gives when it fails; the only place that turns typed errors into values."""

from __future__ import annotations

import copy
import functools
import logging
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec, Protocol, TypeVar

from owui_sync.client.errors import ClientClosed
from owui_sync.errors import Diagnostic, OwuiSyncError

log = logging.getLogger("owui_sync.client")

P = ParamSpec("P")
T = TypeVar("T")
M = TypeVar("M", bound=Callable[..., Awaitable[Any]])


class MayFail(Protocol):
    """What decides between the two ways to fail: a client."""

    raise_on_error: bool


def failed(client: MayFail, method: str, error: OwuiSyncError, value: T) -> T:
    """`value`, after one line in the log; with `raise_on_error`, and for a closed client, raises `error` instead."""
    if client.raise_on_error or isinstance(error, ClientClosed):
        raise error
    noted(method, error)
    return value


def noted(method: str, error: OwuiSyncError) -> None:
    """Logs a failure in one line; for one of many things, whose failure is in the result too."""
    log.error("%s failed: %s", method, "; ".join(map(_line, error.problems)))


def _line(problem: Diagnostic) -> str:
    where, hint = f"{problem.where}: " if problem.where else "", f" ({problem.hint})" if problem.hint else ""
    return " ".join(f"{where}{problem.message}{hint}".split())


def otherwise(value: object) -> Callable[[M], M]:
    """Makes an asynchronous method of a client give `value` (a copy of it) where it would raise a typed error."""

    def decorate(method: M) -> M:
        @functools.wraps(method)
        async def checked(self: MayFail, *args: Any, **kwargs: Any) -> Any:
            try:
                return await method(self, *args, **kwargs)
            except OwuiSyncError as error:
                return failed(self, method.__name__, error, copy.copy(value))

        return checked  # type: ignore[return-value]  # The same parameters and result; the type checker cannot see it.

    return decorate
