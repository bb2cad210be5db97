"""What a kind is asked to write, and how it tells of its progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from owui_sync.address import FieldPath
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.values import ABSENT


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the files of one object are.

    Args:
        files: files that are done, failed ones included.
        total: files to do.
        bytes: bytes sent so far, those of files under way included.
        total_bytes: bytes to send.
        file: the place of the file that is done now; None when nothing but the numbers changed.
        status: what became of it: `uploaded`, `moved`, `removed` or `failed`; empty without a file.
    """

    files: int
    total: int
    bytes: int
    total_bytes: int
    file: str | None = None
    status: str = ""


def ignore_progress(progress: Progress) -> None:
    """Discard progress."""


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """The values that a kind has to write.

    Args:
        key: the object's key.
        values: path -> value: all managed ones for a create, the changed ones for an update; `ABSENT` removes a leaf.
        names: ids of everything that the values name.
        message: for the server's histories.
        tell: told how far the object's files are: with the totals at the start, then as they are done.
        halted: asked before each file: why no more is begun, or None.
    """

    key: str
    values: Mapping[str, Any]
    names: IdIndex
    message: str
    tell: Callable[[Progress], None] = ignore_progress
    halted: Callable[[], str | None] = lambda: None

    def paths(self) -> Iterator[tuple[FieldPath, Any]]:
        """Yield the values with their paths taken apart."""
        return ((FieldPath.parse(path), value) for path, value in self.values.items())

    def get(self, path: str, otherwise: Any) -> Any:
        """Return the value to write at `path`, or `otherwise` when it is not to be changed."""
        return self.values.get(path, otherwise)

    def merged(self, field: str, current: Mapping[str, Any]) -> dict[str, Any]:
        """Return `current` with the leaves of a depth-1 field put in or taken away."""
        result = dict(current)
        for (name, leaf), value in self.paths():
            if name != field or not leaf:
                continue
            if value is ABSENT:
                result.pop(leaf, None)
            else:
                result[leaf] = value
        return result

    def renames(self, live: ObservedResource) -> bool:
        """Return whether the object gets another key."""
        return self.key != live.key

    def touches(self, *fields: str) -> bool:
        """Return whether any of the fields is among the values."""
        return any(path.field in fields for path, _ in self.paths())
