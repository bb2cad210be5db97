"""What all areas of `OpenWebUIClient` share; their methods are made from the asynchronous ones (`client.derive`)."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Coroutine, Generator
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, Unpack

import httpx

from owui_sync.client.connect import PATIENCE
from owui_sync.client.facade import AsyncOpenWebUIClient
from owui_sync.client.facade.base import CONNECTIONS
from owui_sync.client.facade.options import HttpxOptions
from owui_sync.client.facade.settings import FromEnvironment
from owui_sync.client.facade.stream import Stream
from owui_sync.client.sync.loop import LoopThread
from owui_sync.client.sync.session import Session

_OF_THIS_PROCESS = ("_async", "_loop", "_end")
_KEPT = (
    *("available_model_ids", "default_model_id", "raise_on_error", "model_id", "chat_id", "task_model"),
    "answer_timeout",
)
"""Attributes of a client that a copy has too."""

T = TypeVar("T")
Y = TypeVar("Y")
R = TypeVar("R")


class Base:
    """The part of `OpenWebUIClient` that is not about one area of the server.

    Every thread may use one client at the same time as others, with and without an event loop of its own. A copy, also
    one that a pickle makes in another process, is a client of its own. The attributes are those of
    `AsyncOpenWebUIClient`.
    """

    def __init__(
        self,
        base_url: str | FromEnvironment = FromEnvironment.OWUI_URL,
        token: str | FromEnvironment = FromEnvironment.OWUI_TOKEN,
        default_model_id: str | None = None,
        skip_model_refresh: bool = False,
        *,
        timeout: float | httpx.Timeout | None = PATIENCE,
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
            skip_model_refresh: leave `available_model_ids` empty until `list_models` is called; otherwise the first
                look at it asks the server.
            timeout: seconds for one request with all its tries, None for no limit; of an `httpx.Timeout` the longest
                time counts, and `connect`.
            raise_on_error: raise typed errors instead of returning None, False or an empty value.
            rate: requests per second, None for no limit.
            connections: requests at the same time.
            ca_bundle: a PEM file with the certificates to trust instead of the public ones.
            insecure: accept any certificate.
            **kwargs: the options of httpx that `AsyncOpenWebUIClient` takes; transports, hooks and the `http_client`
                may be synchronous or asynchronous.

        Raises:
            WrongSetting: the address, the token, the CA file, the proxy or a certificate cannot be used.
            WrongType: an argument of a wrong type (such as None for the token), or an option that is not known.
        """
        settings: dict[str, Any] = {
            "base_url": base_url,
            "token": token,
            "default_model_id": default_model_id,
            "timeout": timeout,
            "raise_on_error": raise_on_error,
            "rate": rate,
            "connections": connections,
            "ca_bundle": ca_bundle,
            "insecure": insecure,
            **kwargs,
        }
        self._async = AsyncOpenWebUIClient(**settings)
        self._made_with = settings
        self._knows_models = skip_model_refresh
        self._loop = LoopThread(self._async.close)
        self._end = weakref.finalize(self, self._loop.stop)

    def __getstate__(self) -> dict[str, Any]:
        """Return what another process needs for a client of its own: settings, the token included, and attributes."""
        own = {name: value for name, value in vars(self).items() if name not in _OF_THIS_PROCESS}
        return {**{name: getattr(self._async, name) for name in _KEPT}, **own}

    def __setstate__(self, state: dict[str, Any]) -> None:
        Base.__init__(self, **state["_made_with"])
        for name, value in state.items():
            setattr(self, name, value)

    def close(self) -> None:
        """Close all connections and end the thread behind the client; what other threads still wait for is cancelled.

        The client cannot be used afterwards; closing it again does nothing.
        """
        self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def base_url(self) -> str:
        """The address of the server, without a slash at the end."""
        return self._async.base_url

    @property
    def default_model_id(self) -> str | Any:
        """The model of chats that name none."""
        return self._async.default_model_id

    @default_model_id.setter
    def default_model_id(self, model_id: str | None) -> None:
        self._async.default_model_id = model_id

    @property
    def raise_on_error(self) -> bool:
        """Whether methods raise typed errors instead of returning None, False or an empty value."""
        return self._async.raise_on_error

    @raise_on_error.setter
    def raise_on_error(self, value: bool) -> None:
        self._async.raise_on_error = value

    @property
    def model_id(self) -> str | Any:
        """The model of the last chat, at first the default one."""
        return self._async.model_id

    @model_id.setter
    def model_id(self, model_id: str | None) -> None:
        self._async.model_id = model_id

    @property
    def chat_id(self) -> str | None:
        """The chat of the last chat; with several threads, rather take it from what a call returns."""
        return self._async.chat_id

    @chat_id.setter
    def chat_id(self, chat_id: str | None) -> None:
        self._async.chat_id = chat_id

    @property
    def task_model(self) -> str | None:
        """The model that titles, tags and follow-ups come from, where the server's administrator chose none."""
        return self._async.task_model

    @task_model.setter
    def task_model(self, model_id: str | None) -> None:
        self._async.task_model = model_id

    @property
    def session(self) -> Session:
        """Requests of the program's own, with the client's token, retries and errors."""
        return Session(self._async.session, self._run)

    @property
    def json_headers(self) -> dict[str, str]:
        """The headers of a request with a JSON body, the token included, for requests that a program sends itself."""
        return self._async.json_headers

    @property
    def chat_object_from_server(self) -> dict[str, Any] | None:
        """The chat of the last chat as the server has it now, which is asked for it; None if there is none."""
        return self._run(self._async._chat_object())

    @property
    def answer_timeout(self) -> float:
        """Seconds without anything new after which the answer of a model is given up."""
        return self._async.answer_timeout

    @answer_timeout.setter
    def answer_timeout(self, seconds: float) -> None:
        self._async.answer_timeout = seconds

    @property
    def available_model_ids(self) -> list[str]:
        """Ids of the models that can be used; the first look asks the server, unless `skip_model_refresh` is set."""
        if not self._knows_models and not self._async.available_model_ids:
            self._knows_models = True
            self._run(self._async.list_models())
        return self._async.available_model_ids

    @available_model_ids.setter
    def available_model_ids(self, model_ids: list[str]) -> None:
        self._knows_models = True
        self._async.available_model_ids = model_ids

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run(work)

    def _stream(self, stream: Stream[Y, R]) -> Generator[Y, None, R]:
        """Yield the pieces of an asynchronous stream, which one task reads from its first to its last."""
        relay = _Relay(stream)
        reading = self._loop.begin(relay.read())
        try:
            while not isinstance(piece := self._run(relay.next()), _End):
                yield piece
            return self._loop.wait(reading)
        finally:
            reading.cancel()  # It does nothing at the end; in the middle it must not wait: see `LoopThread.stop`.


class _End:
    """Stands in the queue for the end of the stream."""


class _Relay(Generic[Y, R]):
    """Carries the pieces of a stream from the task that reads it to whoever asks for the next one."""

    def __init__(self, stream: Stream[Y, R]) -> None:
        self._source = stream
        self._pieces: asyncio.Queue[Y | _End] = asyncio.Queue()

    async def read(self) -> R:
        """Read the stream to its end and return its result."""
        async with self._source as stream:
            try:
                async for piece in stream:
                    self._pieces.put_nowait(piece)
            finally:
                self._pieces.put_nowait(_End())
            return stream.result

    async def next(self) -> Y | _End:
        """Return the next piece."""
        return await self._pieces.get()
