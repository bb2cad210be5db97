"""What all areas of `AsyncOpenWebUIClient` share: settings, the connection, its end, and how methods fail.

How to write a method of an area (a subclass of `Base`); `OpenWebUIClient` is made from it (`owui_sync.client.derive`,
run by `make client`):

* `async def` with `@otherwise(value)`: raises typed errors inside, which become `value` outside. It calls functions of
  `owui_sync.client.api` with `self._writer`, and no other method of a client, so that nothing is logged twice.
* `def name(...) -> Stream[Y, R]`, which returns `self._stream("name", self._pieces_of_it(...), value)`; the
  asynchronous generator yields pieces and at last one `Done(result)`. The synchronous method is a generator of the same
  pieces that returns the result.
* `def` without any of that: computes without the server.

Parameters have annotations that can be imported from where the area imports them; the docstring is for both classes,
so it says nothing of `await`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
from collections.abc import AsyncGenerator
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from owui_sync.client.address import is_loopback
from owui_sync.client.connect import PATIENCE, Server
from owui_sync.client.errors import ClientClosed
from owui_sync.client.facade.failures import failed
from owui_sync.client.facade.stream import Done, Stream
from owui_sync.client.silence import SILENCE
from owui_sync.client.transport import Transport
from owui_sync.client.writer import Writer
from owui_sync.errors import UsageError

log = logging.getLogger("owui_sync.client")

Y = TypeVar("Y")
R = TypeVar("R")

CONNECTIONS = 16
"""Requests at the same time, unless a program asks for another number."""

_HTTPX = {"headers", "proxy", "transport", "verify"}
_inherited: list[Transport] = []
"""Connections of the parent process, kept: to close them here would end them there."""


class Base:
    """The part of `AsyncOpenWebUIClient` that is not about one area of the server.

    Attributes:
        base_url: the address of the server, without a slash at the end.
        default_model_id: the model of chats that name none.
        raise_on_error: whether methods raise typed errors (`owui_sync.client.errors`) instead of returning None,
            False or an empty value.
        available_model_ids: ids of the models that the last `list_models` found.
        model_id: the model of the last chat, at first the default one.
        chat_id: the chat of the last chat; with several tasks or threads, rather take it from what a call returns.
        answer_timeout: seconds without anything new after which the answer of a model is given up.
    """

    answer_timeout: float = SILENCE

    def __init__(
        self,
        base_url: str,
        token: str,
        default_model_id: str,
        timeout: float = PATIENCE,
        *,
        raise_on_error: bool = False,
        rate: float | None = None,
        connections: int = CONNECTIONS,
        ca_bundle: str | Path | None = None,
        insecure: bool = False,
        **kwargs: Any,
    ) -> None:
        """Sends nothing; the first call connects.

        Args:
            base_url: the address of the web page of Open WebUI. Over plain http to another machine the token travels
                unprotected, which is logged as a warning unless `insecure` says that it is meant so.
            token: an API key or a JWT.
            default_model_id: the model of chats that name none.
            timeout: seconds for one request with all its tries.
            raise_on_error: raise typed errors instead of returning None, False or an empty value.
            rate: requests per second, None for no limit.
            connections: requests at the same time.
            ca_bundle: a PEM file with the certificates to trust instead of the public ones.
            insecure: accept any certificate.
            **kwargs: options of httpx that are known here: `headers` (sent with each request), `proxy` (a URL),
                `verify` (False, a path as `ca_bundle`, or an `ssl.SSLContext`), `transport` (carries the requests
                instead of the network, for tests).

        Raises:
            UsageError: the address, the token or the CA file cannot be used.
            TypeError: an option that is not known.
        """
        self._http, proxied = _options(kwargs)
        plain = base_url.lstrip().startswith("http://")
        options: dict[str, Any] = {"timeout": timeout, "rate": rate, "connections": connections, "ca_bundle": ca_bundle}
        self._server = Server(url=base_url, token=token, **{**options, "insecure": insecure or plain, **proxied})
        self._transport = self._server.transport(self._http)
        self._used: tuple[Writer, asyncio.AbstractEventLoop, int] | None = None
        self._creating = asyncio.Lock()  # Held by what creates something unless it is there already.
        self._closed = False
        self.base_url = self._transport.url
        self.default_model_id = default_model_id
        self.raise_on_error = raise_on_error
        self.available_model_ids: list[str] = []
        self.model_id = default_model_id
        self.chat_id: str | None = None
        if plain and not insecure and not is_loopback(host := httpx.URL(self.base_url).host):
            log.warning("the token travels unprotected: %s is reached over plain http", host)

    async def close(self) -> None:
        """Close all connections. The client cannot be used afterwards; closing it again does nothing."""
        if self._closed:
            return
        self._closed = True
        if self._used and self._used[1:] == _here():
            await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def _writer(self) -> Writer:
        """What talks to the server, in the running event loop.

        Raises:
            ClientClosed: `close` was called.
            UsageError: another event loop is using this client.
        """
        if self._closed:
            raise ClientClosed
        here = _here()
        if self._used and self._used[1:] != here:
            self._leave(*self._used[1:])
        if not self._used:
            self._used = Writer(self._transport), *here
        return self._used[0]

    def _leave(self, loop: asyncio.AbstractEventLoop, pid: int) -> None:
        """Makes new connections in place of those of an event loop that has ended, or of the parent process."""
        if pid != os.getpid():
            _inherited.append(self._transport)
        elif not loop.is_closed():
            raise UsageError("a client works in one event loop", hint="make another client for the other event loop")
        self._transport, self._used, self._creating = self._server.transport(self._http), None, asyncio.Lock()

    def _stream(self, method: str, pieces: AsyncGenerator[Y | Done[R], None], value: R) -> Stream[Y, R]:
        """A stream whose result is `value` when it fails, as `otherwise` does it for other methods."""
        return Stream(pieces, lambda error: failed(self, method, error, value))


def _options(given: dict[str, Any]) -> tuple[httpx.AsyncBaseTransport | None, dict[str, Any]]:
    """The transport among the options of httpx, and the others as settings of a `Server`."""
    if unknown := sorted(given.keys() - _HTTPX):
        raise TypeError(f"unknown options {', '.join(unknown)}; of httpx's there are {', '.join(sorted(_HTTPX))}")
    settings = {name: given[name] for name in ("headers", "proxy") if given.get(name)}
    match given.get("verify", True):
        case False:
            settings["insecure"] = True
        case str() | Path() | ssl.SSLContext() as with_reliable_token:
            settings["ca_bundle"] = with_reliable_token
    return given.get("transport"), settings


def _here() -> tuple[asyncio.AbstractEventLoop, int]:
    return asyncio.get_running_loop(), os.getpid()
