"""A file that is to be uploaded: it gives the bytes that were planned, or it says that it changed."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path
from typing import BinaryIO

import httpx
import pytest

from owui_sync.errors import StalePlan
from owui_sync.manifest.files.verified_file import opener, read_through
from owui_sync.values import FileSource

DATA = os.urandom(300_001)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.bin"
    path.write_bytes(DATA)
    return path


def opened(path: Path) -> BinaryIO:
    source = FileSource("docs/a.bin", hashlib.sha256(DATA).hexdigest(), len(DATA), "upload")
    return opener(path, source, "plan again")()


@pytest.mark.parametrize("step", [1000, 1 << 16, 1 << 20, -1])
def test_it_gives_its_bytes_again_and_again(path: Path, step: int) -> None:
    with opened(path) as file:
        for _ in range(2):
            file.seek(0)
            assert b"".join(iter(lambda: file.read(step), b"")) == DATA


def test_an_upload_in_parts_knows_its_length_and_has_its_bytes(path: Path) -> None:
    with opened(path) as file:
        request = httpx.Request("POST", "http://test", files={"file": ("a.bin", file)})
        body = request.read()
    assert int(request.headers["content-length"]) == len(body)
    assert DATA in body


@pytest.mark.parametrize("other", [DATA[:-1], DATA + b"x", b""])
def test_a_file_of_another_size_cannot_be_opened(path: Path, other: bytes) -> None:
    path.write_bytes(other)
    with pytest.raises(StalePlan, match=r"`docs/a\.bin` changed since the plan was made"):
        opened(path)


def test_the_last_bytes_of_another_content_are_not_given(path: Path) -> None:
    path.write_bytes(b"x" + DATA[1:])
    given: list[bytes] = []
    with opened(path) as file, pytest.raises(StalePlan, match=r"`docs/a\.bin` changed since the plan was made"):
        given.extend(iter(lambda: file.read(1000), b""))
    assert len(b"".join(given)) < len(DATA)


def test_a_file_cut_while_it_is_read_is_told(path: Path) -> None:
    with opened(path) as file:
        file.read(1000)
        os.truncate(path, 2000)
        with pytest.raises(StalePlan, match=r"docs/a\.bin"):
            file.read()


def test_what_is_appended_while_it_is_read_is_not_given(path: Path) -> None:
    with opened(path) as file:
        file.read(1000)
        with path.open("ab") as more:
            more.write(b"more")
        assert file.read() == DATA[1000:]


def test_a_missing_file_is_told_at_once(path: Path) -> None:
    path.unlink()
    with pytest.raises(StalePlan, match=r"cannot read `docs/a\.bin` again: No such file"):
        opened(path)


def test_it_cannot_be_read_from_the_middle(path: Path) -> None:
    with opened(path) as file, pytest.raises(io.UnsupportedOperation):
        file.seek(200_000)


def test_reading_through_finds_a_change(path: Path) -> None:
    read_through(lambda: opened(path))
    path.write_bytes(DATA[:-1] + b"\0" if DATA[-1:] != b"\0" else DATA[:-1] + b"\1")
    with pytest.raises(StalePlan):
        read_through(lambda: opened(path))
