"""What a streaming method of `AsyncOpenWebUIClient` gives: pieces while they come, and one result at the end."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Generic, TypeVar

from owui_sync.client.call_time import CallTime, within
from owui_sync.errors import OwuiSyncError

Y = TypeVar("Y")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Done(Generic[R]):
    """The last thing that the generator behind a `Stream` yields: what the whole has come to."""

    result: R


class Stream(AsyncGenerator[Y, None], Generic[Y, R]):
    """Pieces for `async for`, and then `result`: an asynchronous generator with a result.

        stream = client.stream_chat("Hello", "Greetings")
        async for text in stream:
            print(text, end="")
        print(stream.result)

    Whoever stops in the middle calls `aclose`, or uses `async with client.stream_chat(...) as stream:`.

    Args:
        pieces: yields pieces, and then one `Done`.
        on_error: the result in place of a typed error that ends the stream; may raise it.
    """

    def __init__(self, pieces: AsyncGenerator[Y | Done[R], None], on_error: Callable[[OwuiSyncError], R]) -> None:
        self._pieces = pieces
        self._on_error = on_error
        self._done: Done[R] | None = None
        self.time: CallTime | None = None
        """The time for all of it; None for no limit."""

    @property
    def result(self) -> R:
        """What the whole has come to.

        Raises:
            RuntimeError: the stream has not been read to its end.
        """
        if self._done is None:
            raise RuntimeError("the result of a stream is there when the stream has been read to its end")
        return self._done.result

    def __aiter__(self) -> Stream[Y, R]:
        return self

    async def __anext__(self) -> Y:
        return await self._next(anext(self._pieces))

    async def _next(self, coming: Awaitable[Y | Done[R]]) -> Y:
        try:
            with within(self.time):
                piece = await coming
        except OwuiSyncError as error:
            self._done = Done(self._on_error(error))
            raise StopAsyncIteration from None
        if isinstance(piece, Done):
            self._done = piece
            await self._pieces.aclose()
            raise StopAsyncIteration
        return piece

    async def asend(self, value: None) -> Y:
        """Return the next piece, as `anext` does."""
        return await anext(self)

    async def athrow(self, *error: Any) -> Y:
        """Raise an error where the stream has come to."""
        return await self._next(self._pieces.athrow(*error))

    async def aclose(self) -> None:
        """Stop, also in the middle; what is under way for this stream is cancelled."""
        await self._pieces.aclose()

    async def __aenter__(self) -> Stream[Y, R]:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
