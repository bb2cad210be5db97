"""Figures as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median


def seconds(rounds: Sequence[float]) -> str:
    """The median of some rounds, in seconds or milliseconds."""
    middle = median(rounds)
    return f"{middle:.2f} s" if middle >= 1 else f"{1000 * middle:.0f} ms"


def show(title: str, rows: Iterable[Sequence[str]]) -> None:
    """Prints a table, the first column to the left and the others to the right."""
    lines = [list(row) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    print(f"\n{title}")
    for first, *rest in lines:
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))]
        print("  " + "   ".join(cells))
