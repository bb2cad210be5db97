"""Downloads into a file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from owui_sync.client import errors
from owui_sync.client.api import files
from owui_sync.client.connect import Server
from owui_sync.client.transport import Transport
from owui_sync.client.writer import Writer
from tests.support.asking import counting
from tests.support.fake import TOKEN, URL, html, says

PARTS = [b"x" * 100_000, b"y" * 100_000]


class Body(httpx.AsyncByteStream):
    """A body in parts; `cut` breaks it off after the first one."""

    def __init__(self, cut: bool = False) -> None:
        self._cut = cut

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield PARTS[0]
        if self._cut:
            raise httpx.ReadError("reset")
        yield PARTS[1]


def save(into: Path, *answers: httpx.Response) -> int:
    """Downloads from a server that gives these answers; how many requests that took."""
    rest = list(answers)

    async def main() -> int:
        async with Transport(URL, TOKEN, http=httpx.MockTransport(lambda request: rest.pop(0))) as transport:
            await transport.save("/file", into, 200_000)
            return transport.requests

    return asyncio.run(main())


def test_a_body_is_written_as_it_comes(tmp_path: Path) -> None:
    assert save(tmp_path / "a", httpx.Response(200, stream=Body())) == 1
    assert (tmp_path / "a").read_bytes() == b"".join(PARTS)


def test_a_body_that_breaks_off_is_had_again_from_its_beginning(tmp_path: Path) -> None:
    answers = (httpx.Response(200, stream=Body(cut=True)), says(503, "boot"), httpx.Response(200, stream=Body()))
    assert save(tmp_path / "a", *answers) == 3
    assert (tmp_path / "a").read_bytes() == b"".join(PARTS)


def test_what_is_no_file_is_an_error_and_never_a_file(tmp_path: Path) -> None:
    with pytest.raises(errors.NotFound, match="not found"):
        save(tmp_path / "a", says(404, "We could not find what you're looking for :/ not found"))
    assert not (tmp_path / "a").exists()
    with pytest.raises(errors.MissingRoute):
        save(tmp_path / "b", html())


def test_a_disk_that_does_not_take_it_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        save(tmp_path / "none/a", httpx.Response(200, stream=Body()))


def test_a_stored_file_comes_byte_for_byte_in_one_request(server: Server, unique: str, tmp_path: Path) -> None:
    data = bytes(range(256)) * 2000

    async def act(writer: Writer) -> None:
        made = await files.upload(writer, f"{unique}.bin", data)
        await files.save(writer, made["id"], tmp_path / "a", len(data))
        await files.delete(writer, made["id"])

    assert counting(server, act)[1] == 3
    assert (tmp_path / "a").read_bytes() == data
