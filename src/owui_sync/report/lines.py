"""Lines of a report as data: what the text says and its styles, before anything knows how wide the terminal is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from owui_sync.report.console import UNLIMITED
from owui_sync.report.visible import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Span = tuple[str, str]
"""A piece of visible text and its rich style."""

_NARROWEST = 20
"""Where a lead leaves the body fewer columns than that, the body begins on the next line."""
_STEP = 2
"""Columns by which it is indented there."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Args:
        lead: stands at the beginning; where the body wraps, it goes on below itself, not below the lead.
        body: the rest.
        indent: columns in front.
    """

    lead: tuple[Span, ...] = ()
    body: tuple[Span, ...] = ()
    indent: int = 0

    @property
    def text(self) -> str:
        """The line without styles."""
        return " " * self.indent + "".join(text for text, _ in self.lead + self.body)


def cells(text: str) -> int:
    """Return the columns that a text takes on a terminal: two for a wide character or an emoji."""
    from rich.cells import cell_len

    return cell_len(text)


def padded(text: str, width: int) -> str:
    """Return `text` with blanks up to `width` columns."""
    return text + " " * (width - cells(text))


def print_lines(lines: Iterable[Line], console: Console) -> None:
    """Print lines, wrapped to the width of the terminal; what does not print comes as an escape."""
    from rich.text import Text

    width = console.width
    rows = [row for line in lines for row in _rows(line, width, console)]
    if rows:
        console.print(Text("\n").join(rows), no_wrap=True, overflow="ignore", crop=False)


def _shown(spans: Iterable[Span]) -> list[Span]:
    return [(visible(text), style) for text, style in spans]


def _rows(line: Line, width: int, console: Console) -> Iterator[Text]:
    from rich.text import Text

    lead = Text.assemble(" " * line.indent, *_shown(line.lead))
    body = Text.assemble(*_shown(line.body))
    if width == UNLIMITED or lead.cell_len + body.cell_len <= width:
        yield lead + body
        return
    room = width - lead.cell_len
    if room < _NARROWEST:
        if lead.plain.strip():
            yield lead
        lead = Text(" " * (line.indent + _STEP))
        room = max(width - lead.cell_len, 1)
    for part in body.wrap(console, room):
        yield lead + part
        lead = Text(" " * lead.cell_len)
