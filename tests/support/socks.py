"""A SOCKS5 proxy on loopback (RFC 1928, 1929) that leads every name it knows to a real server."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_VERSION, _CONNECT, _NO_LOGIN, _PASSWORD, _NOTHING = 5, 1, 0, 2, 255
_IPV4, _NAME = 1, 3
_DONE, _UNREACHABLE = 0, 4


@dataclass(slots=True)
class Socks:
    """The proxy.

    Args:
        name: the only host that it finds.
        target: port on loopback of what answers there.
        login: user and password that it wants; None: it asks nobody.

    Attributes:
        port: where it listens.
        seen: host and port of each connection that was asked for.
    """

    name: str
    target: int
    login: tuple[str, str] | None = None
    port: int = 0
    seen: list[tuple[str, int]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one client, from its greeting to the end of its connection."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            if await self._greets(reader, writer):
                await self._connects(reader, writer)
        writer.close()

    async def _greets(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        _, count = await reader.readexactly(2)
        offered, wanted = await reader.readexactly(count), _PASSWORD if self.login else _NO_LOGIN
        writer.write(bytes([_VERSION, wanted if wanted in offered else _NOTHING]))
        if wanted not in offered:
            return False
        if self.login:
            await reader.readexactly(1)
            given = (await _text(reader), await _text(reader))
            writer.write(bytes([1, 0 if given == self.login else 1]))
            return given == self.login
        return True

    async def _connects(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, command, _, kind = await reader.readexactly(4)
        assert (command, kind) == (_CONNECT, _NAME), "a name has to be looked up by the proxy"
        host = await _text(reader)
        port = int.from_bytes(await reader.readexactly(2), "big")
        self.seen.append((host, port))
        status = _DONE if host == self.name else _UNREACHABLE
        writer.write(bytes([_VERSION, status, 0, _IPV4, 0, 0, 0, 0, 0, 0]))
        if status == _DONE:
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
            await asyncio.gather(_pump(reader, back), _pump(there, writer))


async def _text(reader: asyncio.StreamReader) -> str:
    [length] = await reader.readexactly(1)
    return (await reader.readexactly(length)).decode()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    writer.close()


@contextmanager
def socks(name: str, target: int, login: tuple[str, str] | None = None) -> Iterator[Socks]:
    """Start such a proxy in a thread of its own; arguments as for `Socks`."""
    proxy, started, loop = Socks(name, target, login), threading.Event(), asyncio.new_event_loop()

    async def run() -> None:
        server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
        proxy.port = server.sockets[0].getsockname()[1]
        started.set()
        async with server:
            await stop.wait()

    stop = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    started.wait()
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
