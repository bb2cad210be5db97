"""What a method of the two classes gives when it fails; the only place that turns typed errors into values."""

from __future__ import annotations

import copy
import functools
import inspect
import logging
import re
from collections.abc import AsyncGenerator, Callable, Collection
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from owui_sync.client.call_time import time_of, within
from owui_sync.client.errors import ClientClosed, ClientError, Missing, NotFound, WrongType
from owui_sync.client.facade.arguments import accepted, require
from owui_sync.client.facade.stream import Stream
from owui_sync.errors import Diagnostic, OwuiSyncError, UsageError

log = logging.getLogger("owui_sync.client")

T = TypeVar("T")
M = TypeVar("M", bound=Callable[..., Any])

_FOR_PROGRAMS = {
    "allow more time with --timeout": "set a longer `timeout`",
    "allow more time": "set a longer `answer_timeout`",
    "(OWUI_TOKEN, --token, --token-file)": "(`token`)",
    "OWUI_TOKEN or with --token-file": "`token`",
    "--insecure": "`insecure=True`",
    "--client-cert and --client-key": "`cert`",
    "--rate": "`rate`",
    "--ca-bundle": "`ca_bundle`",
    "something else made or changed it meanwhile: plan again": "it is there already, or changed meanwhile",
    "plan again": "look at it again",
    "give the token with OWUI_TOKEN": "pass it as `token`",
    "write `access: public`": 'pass `access_control="public"`',
}
"""Words of advice for the command line -> those for programs; where two begin alike, the longer ones come first."""

_WORDS = re.compile("|".join(map(re.escape, _FOR_PROGRAMS)))


class MayFail(Protocol):
    """What decides between the two ways to fail: a client."""

    raise_on_error: bool


def failed(client: MayFail, method: str, error: OwuiSyncError, value: T, *, lookup: bool = False) -> T:
    """Return `value`, after one line in the log, or raise `error`.

    It is raised with `raise_on_error`, and in any case if the client is closed or an argument has a wrong type.

    Args:
        client: the client.
        method: the name of the method.
        error: why it failed.
        value: what the method gives.
        lookup: whether the method looks for one thing: that there is none is then no error for the log.
    """
    error = for_programs(error)
    if client.raise_on_error or isinstance(error, ClientClosed | WrongType | UsageError):
        raise error
    if lookup and isinstance(error, Missing | NotFound):
        log.info("%s found nothing: %s", method, "; ".join(map(_line, error.problems)))
    else:
        noted(method, error)
    return value


def noted(method: str, error: OwuiSyncError) -> None:
    """Log a failure in one line; for one of many things, whose failure is in the result too."""
    log.error("%s failed: %s", method, "; ".join(map(_line, for_programs(error).problems)))


def for_programs(error: OwuiSyncError) -> OwuiSyncError:
    """Return the error itself, whose advice names parameters of the library instead of options of the command line."""
    error.problems = tuple(replace(problem, hint=_named(problem.hint)) for problem in error.problems)
    if isinstance(error, ClientError):
        error.hint = _named(error.hint)
    return error


def _named(hint: str | None) -> str | None:
    return hint and _WORDS.sub(lambda found: _FOR_PROGRAMS[found[0]], hint)


def _line(problem: Diagnostic) -> str:
    where, hint = f"{problem.where}: " if problem.where else "", f" ({problem.hint})" if problem.hint else ""
    line = " ".join(f"{where}{problem.message}{hint}".split())
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in line)


def otherwise(value: object, *, lenient: Collection[str] = (), lookup: bool = False) -> Callable[[M], M]:
    """Make an asynchronous method of a client give `value` (a copy of it) where it would raise a typed error.

    Its arguments are checked first; one of a wrong type, and one that means nothing, is raised in any case. Its
    parameter `timeout` is kept here, for all that is sent in the call.

    Args:
        value: what it gives.
        lenient: parameters for which an empty argument fails as other things do, instead of being raised.
        lookup: as in `failed`.
    """

    def decorate(method: M) -> M:
        @functools.wraps(method)
        async def checked(self: MayFail, *args: Any, **kwargs: Any) -> Any:
            arguments = accepted(method, args, kwargs, lenient)
            time = time_of(arguments.pop("timeout", None))
            try:
                require(arguments, lenient)
                with within(time):
                    return await method(self, **arguments)
            except OwuiSyncError as error:
                return failed(self, method.__name__, error, copy.copy(value), lookup=lookup)

        return checked  # type: ignore[return-value]  # The same parameters and result; the type checker cannot see it.

    return decorate


def typed(method: M) -> M:
    """Make a method that asks no server check its arguments first."""

    @functools.wraps(method)
    def checked(self: object, *args: Any, **kwargs: Any) -> Any:
        return method(self, **accepted(method, args, kwargs))

    return checked  # type: ignore[return-value]


def checking(method: M) -> M:
    """Make a method check its arguments before it does anything, and keep `timeout`, as those with `otherwise`."""

    @functools.wraps(method)
    def checked(self: MayFail, *args: Any, **kwargs: Any) -> Any:
        arguments = accepted(method, args, kwargs)
        time = time_of(arguments.pop("timeout", None))
        try:
            stream = method(self, **arguments)
        except OwuiSyncError as error:  # It fails as one that has begun: its result says so.
            stream = Stream(_failing(error), lambda error: failed(self, method.__name__, error, None))
        stream.time = time
        return stream

    @functools.wraps(method)
    async def checked_when_awaited(self: MayFail, *args: Any, **kwargs: Any) -> Any:
        arguments = accepted(method, args, kwargs)
        with within(time_of(arguments.pop("timeout", None))):
            return await method(self, **arguments)

    return checked_when_awaited if inspect.iscoroutinefunction(method) else checked  # type: ignore[return-value]


async def _failing(error: OwuiSyncError) -> AsyncGenerator[Any, None]:
    """Fail at the first piece."""
    raise error
    yield
