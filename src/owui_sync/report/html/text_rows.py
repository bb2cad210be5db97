"""The difference of two texts as rows of a table, by lines and, in lines that stand for each other, by words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from owui_sync.report.visible import distinguish_lines, line, visible
from owui_sync.wording import counted, shortened

Part = tuple[str, bool]
"""A piece of a line, and whether it differs."""

_CONTEXT = 3
"""Unchanged lines that are shown around each change."""
_WORDS = 4_000
"""Words of one field that are compared one by one: more would take a second and longer."""
_LINE = 2_000
"""Characters of a line that are shown."""
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_ALIKE = 0.3
"""Lines that have less in common are not compared by words: the marks would only confuse."""


@dataclass(frozen=True, slots=True)
class TextRow:
    """One row.

    Args:
        mark: removed, added, unchanged, or `@` for lines that are left out, whose count is the text.
        old: number of the line before, from 1.
        new: number of the line afterwards.
        parts: the line in pieces.
        is_rest: it is far from any change, and only shown on demand.
    """

    mark: Literal["-", "+", " ", "@"]
    old: int | None
    new: int | None
    parts: tuple[Part, ...]
    is_rest: bool = False


def text_rows(before: str, after: str) -> tuple[TextRow, ...]:
    """Return the rows of the difference of two texts; a new or removed text is all one change."""
    return tuple(_Rows(_lines(before), _lines(after)).rows())


def _lines(text: str) -> list[str]:
    """Split at line feeds, which stay part of their lines; other line ends do too, so that a change of them shows."""
    *whole, rest = text.split("\n")
    return [f"{each}\n" for each in whole] + ([rest] if rest else [])


class _Rows:
    def __init__(self, old: list[str], new: list[str]) -> None:
        self._old, self._new, self._words = old, new, _WORDS

    def rows(self) -> Iterator[TextRow]:
        codes = SequenceMatcher(None, self._old, self._new).get_opcodes()
        for number, (tag, i1, i2, j1, j2) in enumerate(codes):
            if tag == "equal":
                yield from self._unchanged(i1, i2, j1, number > 0, number < len(codes) - 1)
            else:
                yield from self._changed(i1, i2, j1, j2)

    def _unchanged(self, i1: int, i2: int, j1: int, follows: bool, precedes: bool) -> Iterator[TextRow]:
        first, last = i1 + _CONTEXT * follows, i2 - _CONTEXT * precedes
        for i in range(i1, i2):
            if i == first and first < last:
                yield TextRow("@", None, None, ((f"… {counted(last - first, 'unchanged line')}", False),))
            parts = ((_shown(self._old[i]), False),)
            yield TextRow(" ", i + 1, j1 + i - i1 + 1, parts, is_rest=first <= i < last)

    def _changed(self, i1: int, i2: int, j1: int, j2: int) -> Iterator[TextRow]:
        pairs = [self._pair(*each) for each in zip(self._old[i1:i2], self._new[j1:j2], strict=False)]
        removed = [one for one, _ in pairs] + [_whole(each) for each in self._old[i1 + len(pairs) : i2]]
        added = [other for _, other in pairs] + [_whole(each) for each in self._new[j1 + len(pairs) : j2]]
        yield from (TextRow("-", i1 + at + 1, None, parts) for at, parts in enumerate(removed))
        yield from (TextRow("+", None, j1 + at + 1, parts) for at, parts in enumerate(added))

    def _pair(self, old: str, new: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
        """Return two lines that stand for each other in pieces, told apart where they would look the same."""
        one, other = old.removesuffix("\n"), new.removesuffix("\n")
        if one == other:  # Only the line feed at the end differs.
            return _whole(old), _whole(new)
        shown = distinguish_lines(one, other)
        words = [_TOKEN.findall(text) for text in (one, other)]
        self._words -= sum(map(len, words))
        if shown != (line(one), line(other)) or self._words < 0 or max(len(one), len(other)) > _LINE:
            return ((_cut(shown[0]), True),), ((_cut(shown[1]), True),)
        matcher = SequenceMatcher(None, words[0], words[1], autojunk=False)
        if matcher.ratio() < _ALIKE:
            return _whole(old), _whole(new)
        codes = matcher.get_opcodes()
        before = [(tag != "equal", "".join(words[0][i1:i2])) for tag, i1, i2, _, _ in codes]
        after = [(tag != "equal", "".join(words[1][j1:j2])) for tag, _, _, j1, j2 in codes]
        return _parts(before), _parts(after)


def _parts(pieces: Sequence[tuple[bool, str]]) -> tuple[Part, ...]:
    """Return the pieces of a line that are not empty, visible; only blanks at its end count as trailing ones."""
    pieces = [(differs, text) for differs, text in pieces if text]
    last = len(pieces) - 1
    return tuple((line(text) if at == last else visible(text), differs) for at, (differs, text) in enumerate(pieces))


def _whole(text: str) -> tuple[Part, ...]:
    return ((_shown(text), True),)


def _shown(text: str) -> str:
    if text.endswith("\n"):
        return _cut(line(text.removesuffix("\n")))
    return f"{_cut(line(text))} (no line feed at the end)"


def _cut(text: str) -> str:
    return shortened(text, _LINE)
