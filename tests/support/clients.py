"""Both classes of the client library, called in the same way, and what is expected of calls that fail."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest

from owui_sync import AsyncOpenWebUIClient, OpenWebUIClient
from owui_sync.client.facade.stream import Stream
from owui_sync.errors import OwuiSyncError
from owui_sync.sandbox import Sandbox

SORTS = ("sync", "async")


@contextmanager
def client_of(sort: str, sandbox: Sandbox, token: str | None = None, **options: Any) -> Iterator[OpenWebUIClient]:
    """A client of that sort; the asynchronous one looks like the other, but each call is awaited behind it."""
    if sort == "sync":
        with OpenWebUIClient(sandbox.url, token or sandbox.token, "stub-small", **options) as client:
            yield client
        return
    with asyncio.Runner() as runner:
        behind = AsyncOpenWebUIClient(sandbox.url, token or sandbox.token, "stub-small", **options)
        yield cast(OpenWebUIClient, _Awaited(behind, runner))
        runner.run(behind.close())


class _Awaited:
    def __init__(self, client: AsyncOpenWebUIClient, runner: asyncio.Runner) -> None:
        self.__dict__.update(_client=client, _runner=runner)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._client, name, value)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        return self._awaited(found) if callable(found) else found

    def _awaited(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            result = method(*args, **kwargs)
            if isinstance(result, Stream):
                return self._pieces(result)
            return self._runner.run(result) if inspect.iscoroutine(result) else result

        return call

    def _pieces(self, stream: Stream[Any, Any]) -> Generator[Any, None, Any]:
        while True:
            try:
                yield self._runner.run(_next(stream))
            except StopAsyncIteration:
                return stream.result


async def _next(stream: Stream[Any, Any]) -> Any:
    return await anext(stream)


def fails(
    client: OpenWebUIClient,
    caplog: pytest.LogCaptureFixture,
    error: type[OwuiSyncError],
    gives: object,
    method: str,
    *args: Any,
    **kwargs: Any,
) -> None:
    """Asserts that a call fails: gives that value and a line in the log, or raises that error, as the client is set."""
    caplog.clear()
    with caplog.at_level(logging.ERROR, "owui_sync.client"):
        assert getattr(client, method)(*args, **kwargs) == gives
    assert f"{method} failed: " in caplog.text
    assert len([record for record in caplog.records if record.name == "owui_sync.client"]) == 1
    client.raise_on_error = True
    try:
        with pytest.raises(error):
            getattr(client, method)(*args, **kwargs)
    finally:
        client.raise_on_error = False


def finds_nothing(
    client: OpenWebUIClient, caplog: pytest.LogCaptureFixture, error: type[OwuiSyncError], method: str, *args: Any
) -> None:
    """Asserts that a lookup answers None and logs nothing above INFO, or raises that error, as the client is set."""
    caplog.clear()
    with caplog.at_level(logging.INFO, "owui_sync.client"):
        assert getattr(client, method)(*args) is None
    [record] = [record for record in caplog.records if record.name == "owui_sync.client"]
    assert (record.levelno, record.getMessage().startswith(f"{method} found nothing: ")) == (logging.INFO, True)
    client.raise_on_error = True
    try:
        with pytest.raises(error):
            getattr(client, method)(*args)
    finally:
        client.raise_on_error = False
