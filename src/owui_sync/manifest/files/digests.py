"""The sha256 of files: read in parallel and bit by bit, or not at all where nothing changed since it was known."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from owui_sync.manifest.files.known_digests import KnownDigests

_CHUNK = 1 << 20
"""Bytes that are read at a time."""
_AT_A_TIME = 8
_JUST_WRITTEN = 2.0
"""Seconds; no file system counts time in longer ticks, so a file that is older cannot change unseen."""


class Digest(NamedTuple):
    """sha256 (hex) and size (bytes) of a file."""

    sha256: str
    size: int


def digests(paths: Iterable[str]) -> dict[str, Digest | OSError]:
    """Return absolute path -> digest of each file, or why it cannot be read."""
    found: dict[str, Digest | OSError] = {}
    stats = {}
    for path in paths:
        try:
            stats[path] = os.stat(path)
        except OSError as error:
            found[path] = error
    with KnownDigests() as known:
        sums = known.of({path: _state(stat) for path, stat in stats.items()})
        found |= {path: Digest(sha256, stats[path].st_size) for path, sha256 in sums.items()}
        missing = [path for path in stats if path not in sums]
        settled = {}
        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            for path, (digest, state) in zip(missing, pool.map(_read, missing), strict=True):
                found[path] = digest
                if isinstance(digest, Digest) and state:
                    settled[path] = (state, digest.sha256)
        known.keep(settled)
    return found


def _state(stat: os.stat_result) -> str:
    """Return what differs after every change of a file. The last time cannot be set by hand, as the first can."""
    return f"{stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns} {stat.st_ino}"


def _read(path: str) -> tuple[Digest | OSError, str]:
    """Return the digest, and the state that it is of; no state for a file that changed just before or meanwhile."""
    try:
        with open(path, "rb", buffering=0) as file:
            before = os.fstat(file.fileno())
            started, sha256, size = time.time(), hashlib.sha256(), 0
            while part := file.read(_CHUNK):
                sha256.update(part)
                size += len(part)
            settled = _state(before) == _state(os.fstat(file.fileno()))
    except OSError as error:
        return error, ""
    settled = settled and max(before.st_mtime, before.st_ctime) < started - _JUST_WRITTEN
    return Digest(sha256.hexdigest(), size), _state(before) if settled else ""
