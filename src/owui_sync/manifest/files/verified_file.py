"""A file to be uploaded, read bit by bit: it gives the bytes that were planned, or nothing whole."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from owui_sync.errors import StalePlan
from owui_sync.inputs import check_input
from owui_sync.values import FileSource

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CHUNK = 1 << 16
"""Bytes that are read at a time."""


def opener(path: str | Path, source: FileSource, hint: str) -> Callable[[], BinaryIO]:
    """Return what opens a file for `LocalFile.open`.

    What it gives can be read several times from the beginning and knows its length, as an upload in parts needs it.
    Reading raises `StalePlan`, before the last bytes are given, when they are not those of `source`.

    Args:
        path: where the file is.
        source: what it was when the plan was made, and its name in messages.
        hint: what to do when it is another by now.
    """
    return lambda: io.BufferedReader(_Unchanged(Path(path), source, hint), _CHUNK)


def read_through(open_file: Callable[[], BinaryIO]) -> None:
    """Raise StalePlan unless the file still is what it was."""
    with open_file() as file:
        while file.read(_CHUNK):
            pass


class _Unchanged(io.RawIOBase):
    """See `opener`. Raises StalePlan when it cannot be opened, too."""

    def __init__(self, path: Path, source: FileSource, hint: str) -> None:
        super().__init__()
        self._source, self._hint = source, hint
        self._at, self._digest = 0, hashlib.sha256()
        try:
            check_input(path)
            self._file = path.open("rb", buffering=0)
        except OSError as error:
            raise StalePlan(f"cannot read `{source.path}` again: {error.strerror}", hint=hint) from None
        if os.fstat(self._file.fileno()).st_size != source.size:
            self.close()
            raise self._stale()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to the beginning, or to the end to learn the length: only who reads from the beginning can be sure."""
        at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._source.size}[whence]
        if at not in (0, self._at, self._source.size):
            raise io.UnsupportedOperation("it can only be read from the beginning")
        if at == 0:
            self._file.seek(0)
            self._digest = hashlib.sha256()
        self._at = at
        return at

    def readinto(self, buffer: WriteableBuffer) -> int:
        room = memoryview(buffer).cast("B")[: self._source.size - self._at]
        if not room:
            return 0
        try:
            count = self._file.readinto(room)
        except OSError as error:
            raise StalePlan(f"cannot read `{self._source.path}`: {error.strerror}", hint=self._hint) from None
        self._digest.update(room[:count])
        self._at += count
        if not count or (self._at == self._source.size and self._digest.hexdigest() != self._source.sha256):
            raise self._stale()
        return count

    def close(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()
        super().close()

    def _stale(self) -> StalePlan:
        return StalePlan(f"`{self._source.path}` changed since the plan was made", hint=self._hint)
