"""What is read of an answer has a limit, whatever a server, or what stands before it, sends."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from owui_sync.client import bodies, errors
from owui_sync.client.transport import Transport
from tests.support.fake import TOKEN, URL

BOMB = gzip.compress(b" " * (64 << 20))
JSON = {"content-type": "application/json"}


class Body(httpx.AsyncByteStream):
    """A body in parts, which counts what was taken of it."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            self.taken += len(part)
            yield part


def endless(part: bytes = b" " * 65_536) -> Iterator[bytes]:
    while True:
        yield part


def ask(response: httpx.Response, what: str = "send") -> object:
    async def main() -> object:
        async with Transport(URL, TOKEN, http=httpx.MockTransport(lambda request: response)) as transport:
            if what == "send":
                return await transport.send("GET", "/x")
            if what == "download":
                return await transport.download("/x")
            return [line async for line in transport.lines("/x", json={}, silence=5)]

    return asyncio.run(main())


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MOST", 4 << 20)
    monkeypatch.setattr(bodies, "MOST_OF_A_LINE", 2 << 20)


@pytest.mark.parametrize("what", ["send", "download", "lines"])
def test_an_answer_without_end_is_given_up_and_the_limit_is_named(what: str) -> None:
    body = Body(endless())
    with pytest.raises(errors.TooLarge, match="4 MiB"):
        ask(httpx.Response(200, headers=JSON, stream=body), what)
    assert body.taken < 5 << 20


@pytest.mark.parametrize("what", ["send", "download", "lines"])
def test_what_is_packed_counts_as_it_is_unpacked(what: str) -> None:
    body = Body(iter([BOMB[at : at + 1000] for at in range(0, len(BOMB), 1000)]))
    with pytest.raises(errors.TooLarge, match="4 MiB"):
        ask(httpx.Response(200, headers={**JSON, "content-encoding": "gzip"}, stream=body), what)
    assert body.taken < 20_000


@pytest.mark.parametrize("packed", ["gzip, gzip", "br", "zstd", "unheard-of"])
@pytest.mark.parametrize("what", ["send", "download", "lines"])
def test_what_is_packed_in_a_way_that_nobody_asked_for_is_not_unpacked(packed: str, what: str) -> None:
    body = Body(endless())
    with pytest.raises(errors.TooLarge, match="which was not asked for"):
        ask(httpx.Response(200, headers={**JSON, "content-encoding": packed}, stream=body), what)
    assert body.taken == 0


@pytest.mark.parametrize(("packed", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("identity", bytes)])
def test_what_is_packed_as_asked_for_is_unpacked(packed: str, pack: object) -> None:
    content = pack(b'{"a": 1}')  # type: ignore[operator]
    response = httpx.Response(200, headers={**JSON, "content-encoding": packed}, stream=Body(iter([content])))
    assert ask(response) == {"a": 1}


def test_of_an_endless_error_only_the_beginning_is_read() -> None:
    body = Body(endless(b"no " * 1000))
    with pytest.raises(errors.ServerError, match="no no"):
        ask(httpx.Response(500, stream=body))
    assert body.taken < 2 << 20


def test_lines_come_whole_whatever_the_parts_are() -> None:
    text = "data: ü\r\n\r\ndata: a\u2028b\nlast".encode()
    parts = Body(bytes([byte]) for byte in text)
    assert ask(httpx.Response(200, stream=parts), "lines") == ["data: ü", "", "data: a\u2028b", "last"]


def test_deep_json_is_no_internal_error() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    with pytest.raises(errors.NotJson):
        ask(httpx.Response(200, headers=JSON, content=deep))
    with pytest.raises(errors.ServerError):
        ask(httpx.Response(500, headers=JSON, content=deep))


def test_a_file_is_saved_however_large_it_is(tmp_path: Path) -> None:
    async def main() -> None:
        body = Body(iter([b"x" * (1 << 20)] * 8))
        response = httpx.Response(200, stream=body)
        async with Transport(URL, TOKEN, http=httpx.MockTransport(lambda request: response)) as transport:
            await transport.save("/file", tmp_path / "a", 8 << 20)

    asyncio.run(main())
    assert (tmp_path / "a").stat().st_size == 8 << 20
