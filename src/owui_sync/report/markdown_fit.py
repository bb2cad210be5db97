"""Cuts a Markdown report to a length: whole pieces stay or go, and what goes is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from owui_sync.wording import counted

_NOTICES = 200
"""Room for the title of a section and for what is said about its cuts."""

_LEAST = 100
"""No details are shorter than that."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One item of a report.

    Args:
        short: one line.
        full: makes the same with its details; None when there are none.
    """

    short: str
    full: Callable[[], str] | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A title and the pieces below it."""

    title: str
    pieces: Sequence[Piece]


def size(text: str) -> int:
    """Characters as the strictest counter counts them: an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


def fitted(sections: Sequence[Section], room: int) -> str:
    """Return the sections in at most `room` characters.

    First every piece gets its line, from the top; then details are put in, from the top, as long as there is room.
    """
    sections = [section for section in sections if section.pieces]
    pieces = [piece for section in sections for piece in section.pieces]
    texts = _texts(pieces, room - _NOTICES * len(sections))
    parts, done = [], 0
    for section in sections:
        mine = texts[done : done + len(section.pieces)]
        done += len(section.pieces)
        parts += [f"### {section.title}", _joined(mine), *_notices(section, mine)]
    return "\n\n".join(filter(None, parts))


def _texts(pieces: Sequence[Piece], room: int) -> list[str]:
    texts: list[str] = []
    for piece in pieces:
        room -= size(piece.short) + 2
        if room < 0:
            return texts
        texts.append(piece.short)
    for number, piece in enumerate(pieces):
        if piece.full is None or room < _LEAST:
            continue
        full = piece.full()
        if (more := size(full) - size(piece.short)) <= room:
            texts[number] = full
            room -= more
    return texts


def _joined(texts: Sequence[str]) -> str:
    """Return the pieces: lines stand together as one list; a piece with details is a block of its own."""
    gaps = ["\n" if "\n" not in before + after else "\n\n" for before, after in pairwise(texts)]
    return "".join(text + gap for text, gap in zip_longest(texts, gaps, fillvalue=""))


def _notices(section: Section, shown: Sequence[str]) -> Iterator[str]:
    """Yield what is said about pieces that are missing, or are there without their details."""
    missing = len(section.pieces) - len(shown)
    bare = sum(bool(piece.full) and text == piece.short for piece, text in zip(section.pieces, shown, strict=False))
    if missing:
        yield f"*… {missing:,} more, cut to fit a comment.*"
    if bare:
        yield f"*The details of {counted(bare, 'object')} are cut to fit a comment.*"
