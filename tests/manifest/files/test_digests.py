"""Digests of files."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from owui_sync.manifest.files import digests as module
from owui_sync.manifest.files.digests import Digest, digests

OLD = time.time() - 3600


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWUI_SYNC_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are really read."""
    paths: list[str] = []
    read = module._read

    def noting(path: str) -> tuple[Digest | OSError, str]:
        paths.append(path)
        return read(path)

    monkeypatch.setattr(module, "_read", noting)
    return paths


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every file had been written long ago."""
    monkeypatch.setattr(module, "_JUST_WRITTEN", -3600.0)


def write(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)


def test_a_digest_is_of_the_bytes(tmp_path: Path) -> None:
    data = os.urandom(3_000_000)
    path = write(tmp_path / "a", data)
    assert digests([path]) == {path: Digest(hashlib.sha256(data).hexdigest(), len(data))}


def test_each_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    good, none = write(tmp_path / "a", b"x"), str(tmp_path / "none")
    found = digests([good, none, str(tmp_path)])
    assert isinstance(found[good], Digest)
    assert isinstance(found[none], FileNotFoundError)
    assert isinstance(found[str(tmp_path)], IsADirectoryError)


@pytest.mark.usefixtures("settled")
def test_an_unchanged_file_is_read_once(tmp_path: Path, reads: list[str]) -> None:
    paths = [write(tmp_path / f"{number}", b"x%d" % number) for number in range(20)]
    first = digests(paths)
    assert digests(paths) == first
    assert sorted(reads) == sorted(paths)


@pytest.mark.usefixtures("settled")
def test_a_file_that_changed_is_read_again_whatever_its_time_says(tmp_path: Path, reads: list[str]) -> None:
    path = write(tmp_path / "a", b"one")
    os.utime(path, (OLD, OLD))
    digests([path])
    write(tmp_path / "a", b"two")
    os.utime(path, (OLD, OLD))
    assert digests([path])[path] == Digest(hashlib.sha256(b"two").hexdigest(), 3)
    assert len(reads) == 2


def test_a_file_that_was_just_written_is_not_remembered(tmp_path: Path, reads: list[str]) -> None:
    path = write(tmp_path / "a", b"one")
    digests([path])
    digests([path])
    assert len(reads) == 2
