"""What all areas of `AsyncOpenWebUIClient` share: settings, the connection, its end, and how methods fail.

How to write a method of an area (a subclass of `Base`); `OpenWebUIClient` is made from it (`owui_sync.client.derive`,
run by `make client`):

* `async def` with `@otherwise(value)`: raises typed errors inside, which become `value` outside. It calls functions of
  `owui_sync.client.api` with `self._writer`, and no other method of a client, so that nothing is logged twice. One
  that returns failures in its result has `@checking` instead.
* `def name(...) -> Stream[Y, R]` with `@checking`, which returns `self._stream("name", self._pieces(...), value)`,
  whose asynchronous generator yields pieces and at last one `Done(result)`. The synchronous method is a generator of
  the same pieces that returns the result.
* `def` without any of that: computes without the server.

Methods with a decorator have `timeout` as their last parameter, by name only. The decorator keeps it for all that is
sent in the call (`owui_sync.client.call_time`), so the method does nothing with it, and its docstring leaves it to
those of the two classes.

Parameters have annotations that can be imported from where the area imports them; the docstring is for both classes,
so it says nothing of `await`.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncGenerator, Coroutine, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self, TypeVar, Unpack

import httpx

from owui_sync.client.address import is_loopback
from owui_sync.client.api import chats
from owui_sync.client.chat.talk import Conversation
from owui_sync.client.connect import PATIENCE
from owui_sync.client.errors import ClientClosed, WrongValue
from owui_sync.client.facade.attribute import Attribute
from owui_sync.client.facade.failures import failed
from owui_sync.client.facade.lifetime import Lifetime, watched
from owui_sync.client.facade.options import HttpxOptions
from owui_sync.client.facade.session import AsyncSession
from owui_sync.client.facade.settings import FromEnvironment, settings_of
from owui_sync.client.facade.stream import Done, Stream
from owui_sync.client.silence import SILENCE
from owui_sync.client.transport import Transport
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError, UsageError

log = logging.getLogger("owui_sync.client")

Y = TypeVar("Y")
R = TypeVar("R")

CONNECTIONS = 16
"""Requests at the same time, unless a program asks for another number."""

_inherited: list[tuple[Transport, Lifetime]] = []
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
        task_model: the model that titles, tags and follow-ups come from, where the server's administrator chose none;
            None for the model of the chat.
        answer_timeout: seconds without anything new after which the answer of a model is given up.
    """

    default_model_id = Attribute[str | Any](None)  # `Any`: who gave one has no None to look for.
    raise_on_error = Attribute[bool](False)
    task_model = Attribute[str | None](None)
    answer_timeout = Attribute[float](SILENCE)

    def __init__(
        self,
        base_url: str | FromEnvironment = FromEnvironment.OWUI_URL,
        token: str | FromEnvironment = FromEnvironment.OWUI_TOKEN,
        default_model_id: str | None = None,
        timeout: float | httpx.Timeout | None = PATIENCE,
        *,
        raise_on_error: bool = False,
        rate: float | None = None,
        connections: int = CONNECTIONS,
        ca_bundle: str | Path | None = None,
        insecure: bool = False,
        **kwargs: Unpack[HttpxOptions],
    ) -> None:
        """Send nothing; the first call connects.

        Args:
            base_url: the address of the web page of Open WebUI; without it, that in `OWUI_URL`. Over plain http to
                another machine the token travels unprotected, which is logged as a warning unless `insecure` says that
                it is meant so.
            token: an API key or a JWT; without it, that in `OWUI_TOKEN` or in the file that `OWUI_TOKEN_FILE` names.
            default_model_id: the model of chats that name none.
            timeout: seconds for one request with all its tries, None for no limit; of an `httpx.Timeout` the longest
                time counts, and `connect`.
            raise_on_error: raise typed errors instead of returning None, False or an empty value.
            rate: requests per second, None for no limit.
            connections: requests at the same time.
            ca_bundle: a PEM file with the certificates to trust instead of the public ones.
            insecure: accept any certificate.
            **kwargs: options of httpx that are known here: `headers` (sent with each request), `proxy` (a URL),
                `verify` (False, a path as `ca_bundle`, or an `ssl.SSLContext`), `cert`, `cookies`, `event_hooks`,
                `http2`, `limits`, `mounts`, `transport`, `trust_env`; and `http_client`: an `httpx.AsyncClient` or
                `httpx.Client` that sends everything, and that is not closed.

        Raises:
            WrongSetting: the address, the token, the CA file, the proxy or a certificate cannot be used.
            WrongType: an argument of a wrong type (such as None for the token), or an option that is not known.
        """
        own: dict[str, object] = {"base_url": base_url, "token": token, "default_model_id": default_model_id}
        own |= {"timeout": timeout, "raise_on_error": raise_on_error, "rate": rate, "connections": connections}
        self._settings = settings_of(own | {"ca_bundle": ca_bundle, "insecure": insecure}, kwargs)
        self._transport = self._settings.transport()
        self._used: tuple[Writer, Lifetime, asyncio.AbstractEventLoop, int] | None = None
        self._creating = asyncio.Lock()  # Held by what creates something unless it is there already.
        self._closed = False
        self.base_url = self._transport.url
        self.default_model_id = self._settings.model
        self.model_id: str | Any = self._settings.model
        self.raise_on_error = self._settings.strict
        self.available_model_ids: list[str] = []
        self.chat_id: str | None = None
        if self._settings.plain and not insecure and not is_loopback(host := httpx.URL(self.base_url).host):
            log.warning("the token travels unprotected: %s is reached over plain http", host)

    @property
    def session(self) -> AsyncSession:
        """Requests of the program's own, with the client's token, retries and errors."""
        headers = self._settings.server.headers
        assert isinstance(headers, httpx.Headers)
        return AsyncSession(self._sending, headers)

    @property
    def json_headers(self) -> dict[str, str]:
        """The headers of a request with a JSON body, the token included, for requests that a program sends itself."""
        return {"Authorization": f"Bearer {self._settings.server.token}", "Content-Type": "application/json"}

    @property
    def chat_object_from_server(self) -> Coroutine[Any, Any, dict[str, Any] | None]:
        """The chat of the last chat as the server has it now, to be awaited; None if there is none."""
        return self._chat_object()

    async def _chat_object(self) -> dict[str, Any] | None:
        if self.chat_id is None:
            return None
        try:
            return {**await chats.get(self._writer, self.chat_id)}
        except OwuiSyncError as error:
            return failed(self, "chat_object_from_server", error, None)

    def _sending(self) -> Transport:
        """Return the connection, in the running event loop; raises as `_writer`."""
        _ = self._writer
        return self._transport

    async def close(self) -> None:
        """Close all connections, after what came of streams that were left is stored.

        The client cannot be used afterwards; closing it again does nothing.
        """
        if self._closed:
            return
        self._closed = True
        if self._used and self._used[2:] == _here():
            await self._used[1].end()

    def __reduce__(self) -> NoReturn:
        """Refuse to be copied and pickled: an asynchronous client belongs to the event loop that it is used in."""
        raise TypeError("an asynchronous client cannot be copied or pickled: make one where it is needed")

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
            UsageError: another event loop is using this client, or there is none.
        """
        if self._closed:
            raise ClientClosed
        return self._use()[0]

    def _use(self) -> tuple[Writer, Lifetime, asyncio.AbstractEventLoop, int]:
        """Return what talks to the server in the running event loop, and how long."""
        here = _here()
        if self._used and self._used[2:] != here:
            self._leave(*self._used[1:])
        if not self._used:
            self._used = Writer(self._transport), Lifetime(self._transport), *here
        return self._used

    def _leave(self, lifetime: Lifetime, loop: asyncio.AbstractEventLoop, pid: int) -> None:
        """Make new connections in place of those of an event loop that has ended, or of the parent process."""
        if pid != os.getpid():
            _inherited.append((self._transport, lifetime))
        elif not loop.is_closed():
            raise UsageError("a client works in one event loop", hint="make another client for the other event loop")
        self._transport, self._used, self._creating = self._settings.transport(), None, asyncio.Lock()

    def _model(self, model_id: str | None) -> str:
        """Return the model that is meant: the default one where none is named."""
        if model := model_id or self.default_model_id:
            return model
        raise WrongValue("no model is named", hint="pass model_id, or make the client with a default_model_id")

    def _begun(self, chat: Conversation) -> None:
        self.chat_id, self.model_id = chat.chat_id, chat.options.models[0]

    def _stream(self, method: str, pieces: AsyncGenerator[Y | Done[R], None], value: R) -> Stream[Y, R]:
        """Return a stream whose result is `value` when it fails, as `otherwise` does it for other methods."""
        watched_pieces = watched(pieces, lambda: self._use()[1])
        return Stream(watched_pieces, lambda error: failed(self, method, error, value))


def texts(given: Iterable[str | Path] | None) -> list[str] | None:
    """Return paths as texts; None stays None."""
    return None if given is None else [str(path) for path in given]


def _here() -> tuple[asyncio.AbstractEventLoop, int]:
    try:
        return asyncio.get_running_loop(), os.getpid()
    except RuntimeError:
        hint = "AsyncOpenWebUIClient takes an event loop of asyncio; OpenWebUIClient works in any program"
        raise UsageError("there is no event loop of asyncio", hint=hint) from None
