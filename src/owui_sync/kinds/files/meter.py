"""Counts files and bytes of one object on their way, for those who show it."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from owui_sync.kinds.write import Progress
from owui_sync.values import LocalFile

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_SECONDS = 0.2
"""Between two notices about bytes alone."""


@dataclass(slots=True)
class ProgressTracker:
    """How far the files are; told at the start, with each file that is done, and now and then in between.

    Args:
        tell: whom to tell.
        total: files to do.
        total_bytes: bytes to send.
    """

    tell: Callable[[Progress], None]
    total: int
    total_bytes: int
    files: int = 0
    bytes: int = 0
    told: float = 0.0

    def start(self) -> None:
        """Tell the totals."""
        self._say(None, "")

    def done(self, file: LocalFile | str, status: str) -> None:
        """Count a file as done; `status` as in `Progress`."""
        self.files = min(self.files + 1, self.total)
        self._say(file if isinstance(file, str) else file["path"], status)

    def sent(self, count: int) -> None:
        """So many bytes are on their way; negative when they have to be sent again."""
        self.bytes += count
        if time.monotonic() - self.told >= _SECONDS:
            self._say(None, "")

    @contextmanager
    def counting(self, content: BinaryIO) -> Iterator[BinaryIO]:
        """Yield the same content, whose bytes are counted while they are read."""
        yield io.BufferedReader(_Counted(content, self), 1 << 16)

    def _say(self, file: str | None, status: str) -> None:
        self.told = time.monotonic()
        self.tell(Progress(self.files, self.total, self.bytes, self.total_bytes, file, status))


class _Counted(io.RawIOBase):
    """Passes on what it reads; does not close what it reads from."""

    def __init__(self, content: BinaryIO, meter: ProgressTracker) -> None:
        super().__init__()
        self._content, self._meter, self._count = content, meter, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        at = self._content.seek(offset, whence)
        if at == 0:
            self._meter.sent(-self._count)
            self._count = 0
        return at

    def readinto(self, buffer: WriteableBuffer) -> int:
        data = self._content.read(memoryview(buffer).nbytes)
        memoryview(buffer).cast("B")[: len(data)] = data
        self._count += len(data)
        self._meter.sent(len(data))
        return len(data)
