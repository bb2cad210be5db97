"""Waves: which instances are changed after which, how many at once, and how many may fail before the rest is left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from owui_sync.errors import UsageError

AT_ONCE = 16
"""Instances at the same time where nothing says otherwise."""

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h)?")
_SECONDS = {None: 1, "s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class Share:
    """A number of instances, or a percentage of a wave."""

    amount: int
    percent: bool = False

    @classmethod
    def parse(cls, value: int | str, name: str) -> Share:
        """Return what `12` or `25%` means. Raises UsageError for anything else; `name` says where it stands."""
        text = str(value).strip()
        number = text.removesuffix("%").strip()
        if not number.isdecimal() or (text.endswith("%") and int(number) > 100):
            raise UsageError(f"{name} takes a number or a percentage up to 100%, not {text!r}")
        return cls(int(number), text.endswith("%"))

    def is_exceeded(self, failed: int, size: int) -> bool:
        """Return whether so many failures in a wave of that size are more than allowed: equal is still allowed."""
        return failed * 100 > self.amount * size if self.percent else failed > self.amount

    def count(self, size: int) -> int:
        """Return how many instances of a wave of that size it stands for, at least 1."""
        return max(1, size * self.amount // 100 if self.percent else self.amount)

    def __str__(self) -> str:
        return f"{self.amount}%" if self.percent else str(self.amount)


NO_FAILURES = Share(0)
ALL = Share(100, percent=True)
"""Of a wave: no failure keeps the others from being started."""


@dataclass(frozen=True, slots=True)
class Wave:
    """A part of a fleet that is changed before the next part.

    Args:
        name: for messages and reports.
        select: label -> the values that belong to the wave; empty for all instances that no earlier wave has.
        parallel: instances at the same time; None: what the command line says.
        max_failures: how many may fail before no more are started.
        bake: seconds to wait after the wave, before it is planned again to see that all is as it was left.
        batches: sizes of the batches, one after the other, the last one again and again; empty: one batch.
    """

    name: str
    select: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parallel: int | None = None
    max_failures: Share = NO_FAILURES
    bake: float = 0.0
    batches: tuple[Share, ...] = ()

    def selects(self, labels: Mapping[str, str]) -> bool:
        """Return whether an instance with these labels belongs to the wave."""
        return all(labels.get(label) in values for label, values in self.select.items())

    def split(self, names: Sequence[str]) -> Iterator[Sequence[str]]:
        """Yield the batches of the wave's instances."""
        sizes = [share.count(len(names)) for share in self.batches] or [len(names)]
        done = number = 0
        while done < len(names):
            size = sizes[min(number, len(sizes) - 1)]
            yield names[done : done + size]
            done, number = done + size, number + 1


def duration(value: float | str) -> float:
    """Return the seconds of `90`, `30s`, `10m` or `1.5h`. Raises ValueError for anything else."""
    found = _DURATION.fullmatch(str(value).strip())
    if found is None:
        raise ValueError(value)
    return float(found[1]) * _SECONDS[found[2]]


def label_text(value: object) -> str:
    """Return the value of a label as a text, spelled as in YAML."""
    return str(value).lower() if isinstance(value, bool) else str(value)
