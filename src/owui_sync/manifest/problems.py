"""Collects what is wrong (or doubtful) on the way, so that one error says it all."""

from __future__ import annotations

from owui_sync.errors import Diagnostic, ManifestError
from owui_sync.values import Position


class Diagnostics:
    """Problems with their places.

    `lost_file` is set once a whole file could not be read: what it may have said is unknown, so nothing is called
    undefined any more.
    """

    def __init__(self) -> None:
        self._found: dict[Diagnostic, Position | None] = {}
        self.lost_file = False

    def __len__(self) -> int:
        return len(self._found)

    def add(self, message: str, at: Position | None = None, hint: str | None = None) -> None:
        """Remember a problem; one that is known already changes nothing."""
        self._found.setdefault(Diagnostic(message, None if at is None else str(at), hint), at)

    def in_order(self) -> tuple[Diagnostic, ...]:
        """Return all of them, by file, line and column; those without a place come first."""

        def rank(item: tuple[Diagnostic, Position | None]) -> tuple[str, int, int]:
            at = item[1]
            return (at.file, at.line, at.column) if at else ("", 0, 0)

        return tuple(problem for problem, _ in sorted(self._found.items(), key=rank))

    def raise_any(self) -> None:
        """Raise `ManifestError` with all problems when there are any."""
        if self._found:
            raise ManifestError.of(self.in_order())
