"""How far the files of all objects are, in numbers and in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from owui_sync.kinds.write import Progress
from owui_sync.report.visible import visible
from owui_sync.report.words import size
from owui_sync.wording import counted

_ENOUGH = 3.0
"""Seconds before anything is said about the rest: a guess from less is worth nothing."""


@dataclass(slots=True)
class FileProgress:
    """The sum of what is told of single objects.

    Args:
        now: the time, in seconds.
    """

    now: Callable[[], float] = field(default_factory=lambda: monotonic)
    _told: dict[str, Progress] = field(default_factory=dict)
    _began: float | None = None

    def take(self, address: str, progress: Progress) -> None:
        """Count how far the files of an object are."""
        self._began = self.now() if self._began is None else self._began
        self._told[address] = progress

    @property
    def done(self) -> int:
        """Files that are done."""
        return sum(progress.files for progress in self._told.values())

    @property
    def total(self) -> int:
        """Files to do, of the objects that began."""
        return sum(progress.total for progress in self._told.values())

    @property
    def bytes(self) -> str:
        """Such as `12.3 of 45.6 MB`."""
        sent = sum(progress.bytes for progress in self._told.values())
        whole = sum(progress.total_bytes for progress in self._told.values())
        return f"{_alike(min(sent, whole), whole)} of {size(whole)}" if whole else ""

    @property
    def rate(self) -> str:
        """Such as `6.2 files/s`; empty before anything can be said."""
        seconds = self._seconds
        return f"{_rate(self.done / seconds)} files/s" if self.done and seconds else ""

    @property
    def amounts(self) -> str:
        """Bytes and rate."""
        return "  ".join(filter(None, (self.bytes, self.rate)))

    @property
    def left(self) -> str:
        """Such as `1:05 left`; empty before anything can be said."""
        share, seconds = self.share, self._seconds
        return f"{_clock(seconds * (1 - share) / share)} left" if 0 < share < 1 and seconds > _ENOUGH else ""

    @property
    def words(self) -> str:
        """All of it on one line."""
        first = f"{self.done:,} of {counted(self.total, 'file')}"
        return ", ".join(filter(None, (first, self.bytes, self.rate, self.left)))

    @property
    def share(self) -> float:
        """How much of the work is done, from 0 to 1: small files count one by one, large ones by their bytes."""
        sent = sum(progress.bytes for progress in self._told.values())
        whole = sum(progress.total_bytes for progress in self._told.values())
        files = self.done / self.total if self.total else 0.0
        return (files + min(sent / whole, 1.0)) / 2 if whole and files < 1 else files

    @property
    def _seconds(self) -> float:
        return 0.0 if self._began is None else self.now() - self._began


def file_words(progress: Progress) -> str:
    """Return what became of a file, such as `docs/a.md uploaded`."""
    return f"{visible(progress.file or '')} {progress.status}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"


def _rate(count: float) -> str:
    return f"{count:.1f}" if count < 10 else f"{count:,.0f}"


def _alike(count: int, whole: int) -> str:
    """Return a number of bytes without its unit where that is the one of the whole."""
    number, unit = size(count).split(" ")
    return number if unit == size(whole).split(" ")[1] else f"{number} {unit}"
