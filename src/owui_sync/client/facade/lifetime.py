"""How long the connections of an asynchronous client live: until it is closed, or until its event loop ends.

A program that leaves a stream in the middle (`break`), or forgets to close its client, loses nothing by it: what came
of the answer is stored before the connections go.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any, Generic, TypeVar

from owui_sync.client.errors import ClientClosed
from owui_sync.client.transport import Transport

T = TypeVar("T")

_LONGEST_END = 10.0
"""Seconds that the end of a stream may take; only a server that does not answer takes longer."""


class Begun(Generic[T]):
    """A stream that is being read. A task of its own takes each piece when it is asked for, and puts things in order.

    So an event loop that ends, which cancels tasks before anything else, ends the stream in the right order.

    Args:
        pieces: gives the pieces.
    """

    def __init__(self, pieces: AsyncGenerator[T, None]) -> None:
        self._asked = asyncio.Semaphore(0)
        self._given: asyncio.Queue[T | _End] = asyncio.Queue()
        self._task = asyncio.create_task(self._give(pieces))

    async def next(self) -> T | _End:
        """Return the next piece.

        Raises:
            ClientClosed: the client was closed meanwhile.
        """
        self._asked.release()
        piece = await self._given.get()
        if isinstance(piece, _End):
            await asyncio.wait({self._task})
            if self._task.cancelled():
                raise ClientClosed
            self._task.result()
        return piece

    async def end(self) -> None:
        """End it, and return when what follows on its last piece is done."""
        if not self._task.cancelling():  # A second time, it would cancel what puts things in order.
            self._task.cancel()
        await asyncio.wait({self._task})
        if not self._task.cancelled():
            self._task.exception()  # Whoever reads it was told, or reads no more.

    async def _give(self, pieces: AsyncGenerator[T, None]) -> None:
        try:
            async with aclosing(pieces):
                await self._asked.acquire()
                async for piece in pieces:
                    self._given.put_nowait(piece)
                    await self._asked.acquire()
        finally:
            self._given.put_nowait(_End())


class _End:
    """Stands for the end of a stream."""


class Lifetime:
    """Connections in one event loop, and the streams that use them; to be made in the event loop.

    An event loop that ends closes the asynchronous generators that it has begun, as does one in which they are
    forgotten; this is how a client hears of it.

    Args:
        transport: the connections.

    Attributes:
        streams: those that were begun and are not over.
    """

    def __init__(self, transport: Transport) -> None:
        self.streams: set[Begun[Any]] = set()
        self._generator = _lasting(transport, self.streams)
        with contextlib.suppress(StopIteration):
            self._generator.__anext__().send(None)  # It waits for nothing before its `yield`.

    async def end(self) -> None:
        """End the streams, and close the connections."""
        await self._generator.aclose()


async def watched(pieces: AsyncGenerator[T, None], lifetime: Callable[[], Lifetime]) -> AsyncGenerator[T, None]:
    """Yield the same pieces; the connections stay open until what follows on the last one is done.

    Args:
        pieces: the pieces of a stream.
        lifetime: gives the lifetime of the connections, in the event loop that reads the stream.
    """
    streams = lifetime().streams
    begun = Begun(pieces)
    streams.add(begun)
    try:
        while not isinstance(piece := await begun.next(), _End):
            yield piece
    finally:
        await begun.end()
        streams.discard(begun)


async def _lasting(transport: Transport, streams: set[Begun[Any]]) -> AsyncGenerator[None, None]:
    try:
        yield
    finally:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST_END):
                await asyncio.gather(*(stream.end() for stream in list(streams)), return_exceptions=True)
        await transport.close()
