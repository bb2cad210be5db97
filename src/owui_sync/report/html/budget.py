"""How large a page may become: first new texts are cut, then everything, always with a stated count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from owui_sync.report.difference import Marked
from owui_sync.report.html.text_rows import TextRow
from owui_sync.wording import counted

_REST = 2 << 20
"""Characters of a page from which on lines are left out that are far from any change."""
_NEW_TEXTS = 5 << 20
"""Characters of a page from which on texts of new objects are cut."""
_ALL = 18 << 20
"""Characters of a page from which on nothing is shown but that it is there."""
_FEW = 40
"""Lines that stay of a text that is cut."""
_MARKUP = 150
"""Characters around each row."""


class Budget:
    """Counts what a page holds, and cuts what does not fit."""

    def __init__(self) -> None:
        self._used = 0

    def takes(self, size: int) -> bool:
        """Tell whether so many characters still fit, and count them if they do."""
        if self._used + size > _ALL:
            return False
        self._used += size
        return True

    def rows(self, rows: Sequence[TextRow], is_new: bool) -> tuple[TextRow, ...]:
        """Return as many rows of a text as fit."""
        if self._used > _REST:
            rows = [row for row in rows if not row.is_rest]
        size = _size(text for row in rows for text, _ in row.parts)
        if (not is_new or self._used + size <= _NEW_TEXTS) and self.takes(size):
            return tuple(rows)
        kept = tuple(rows[:_FEW])
        if len(kept) == len(rows) or not self.takes(_size(text for row in kept for text, _ in row.parts)):
            kept = ()
        left = counted(len(rows) - len(kept), "line")
        return (*kept, TextRow("@", None, None, ((f"… {left} left out, to keep this page small", False),)))

    def lines(self, lines: Sequence[Marked]) -> tuple[Marked, ...]:
        """Return marked lines, if they fit."""
        if self.takes(_size(text for _, text in lines)):
            return tuple(lines)
        return (("@", f"… {counted(len(lines), 'line')} left out, to keep this page small"),)


def _size(texts: Iterable[str]) -> int:
    return sum(len(text) + _MARKUP for text in texts)
