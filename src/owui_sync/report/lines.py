"""Lines of a report as data: what the text says and its styles, before anything knows how wide the terminal is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from owui_sync.report.console import ENDLESS

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Span = tuple[str, str]
"""A piece of visible text and its rich style."""

_NARROWEST = 20
"""Columns that the body of a line gets in any case."""


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
    """Columns that a text takes on a terminal: two for a wide character or an emoji."""
    from rich.cells import cell_len

    return cell_len(text)


def padded(text: str, width: int) -> str:
    """`text` with blanks up to `width` columns."""
    return text + " " * (width - cells(text))


def print_lines(lines: Iterable[Line], console: Console) -> None:
    """Prints lines, wrapped to the width of the terminal."""
    from rich.text import Text

    rows = [row.copy() for line in lines for row in _rows(line, console)]
    if rows:
        console.print(Text("\n").join(rows), no_wrap=True, overflow="ignore", crop=False)


def _rows(line: Line, console: Console) -> Iterator[Text]:
    from rich.text import Text

    lead = Text.assemble(" " * line.indent, *line.lead)
    body = Text.assemble(*line.body)
    if console.width == ENDLESS or lead.cell_len + body.cell_len <= console.width:
        yield lead + body
        return
    room = max(console.width - lead.cell_len, _NARROWEST)
    for part in body.wrap(console, room):
        yield lead + part
        lead = Text(" " * lead.cell_len)
