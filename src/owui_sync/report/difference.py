"""What differs between two values, as marked lines: texts line by line, lists and mappings item by item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from owui_sync.plan.nested import nested_changes, path_text
from owui_sync.plan.stored_files import file_changes
from owui_sync.report.file_changes import Mark, file_lines, files_summary
from owui_sync.report.visible import distinguish_lines, line, spell
from owui_sync.report.words import access_items, named
from owui_sync.wording import counted, shortened

Marked = tuple[Mark, str]

_CONTEXT = 1
"""Unchanged lines around each passage of a text."""
LINE = 200
"""Characters of a line that are shown."""
_AROUND = 40
"""Characters that are shown on both sides of what differs in a longer line."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Two values side by side.

    Args:
        summary: such as `3 lines differ` or `1 added, 2 removed`.
        lines: marked lines, ready to be printed.
    """

    summary: str
    lines: tuple[Marked, ...]


def text_difference(before: str, after: str, limit: int = LINE) -> Difference:
    """Return what differs between two texts, line by line with a little context."""
    old, new = _lines(before, after), _lines(after, before)
    groups = list(SequenceMatcher(None, old, new).get_grouped_opcodes(_CONTEXT))
    count = sum(max(i2 - i1, j2 - j1) for group in groups for tag, i1, i2, j1, j2 in group if tag != "equal")
    marked = [item for group in groups for item in _passage(group, old, new, limit)]
    return Difference(f"{counted(count, 'line')} {'differs' if count == 1 else 'differ'}", tuple(marked))


def list_difference(before: Sequence[Any], after: Sequence[Any], limit: int = LINE) -> Difference:
    """Return which items two lists do not have in common, or that only their order differs.

    Inside items, return which leaves differ.
    """
    before, after = named(list(before)), named(list(after))
    if any(isinstance(item, Mapping | list) for item in (*before, *after)):
        return _nested(before, after, limit)
    return _items([spell(item) for item in before], [spell(item) for item in after], limit)


def access_difference(before: Any, after: Any) -> Difference:
    """Return which grants two access values do not have in common."""
    return _items(access_items(before), access_items(after))


def files_difference(before: Sequence[Any], after: Sequence[Any], limit: int = LINE) -> Difference:
    """Return which files of two sets are added, changed, moved or removed, and what differs in texts that are known."""
    changes = file_changes(before, after)

    def inside(one: str, other: str) -> tuple[Marked, ...]:
        return text_difference(one, other, limit).lines

    return Difference(files_summary(changes), tuple(file_lines(changes, inside)))


def mapping_difference(before: Mapping[str, Any], after: Mapping[str, Any], limit: int = LINE) -> Difference:
    """Return which leaves of two mappings differ."""
    return _nested(named(before), named(after), limit)


def _nested(before: Any, after: Any, limit: int) -> Difference:
    """Compare two values leaf by leaf; those of what is added or removed as a whole count one by one."""
    counts = {"added": 0, "changed": 0, "removed": 0}
    lines: list[Marked] = []
    for change in nested_changes(before, after):
        if change.operation == "change":
            one, other = (f"{change.path}: {spell(value)}" for value in (change.before, change.after))
            old, new = _pair(one, other, limit)
            lines += [("-", old), ("+", new)]
            counts["changed"] += 1
        elif change.operation == "add":
            leaves = _leaf_lines("+", change.after, change.keys, limit)
            lines += leaves
            counts["added"] += len(leaves)
        else:
            leaves = _leaf_lines("-", change.before, change.keys, limit)
            lines += leaves
            counts["removed"] += len(leaves)
    return Difference(_summary(counts), tuple(lines))


def _leaf_lines(mark: Mark, value: Any, keys: tuple[str | int, ...], limit: int) -> list[Marked]:
    return [(mark, shortened(f"{line(path)}: {leaf}", limit)) for path, leaf in _leaves(value, keys)]


def _items(old: list[str], new: list[str], limit: int = LINE) -> Difference:
    had, has = Counter(old), Counter(new)
    counts = {"added": (has - had).total(), "removed": (had - has).total()}
    return Difference(_summary(counts) or "other order", tuple(_without_context(old, new, limit)))


def _summary(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)


def _leaves(value: Any, keys: tuple[str | int, ...]) -> Iterator[tuple[str, str]]:
    if not isinstance(value, Mapping) or not value:
        yield path_text(keys), spell(value)
        return
    for key, item in value.items():
        yield from _leaves(item, (*keys, key))


def _lines(text: str, other: str) -> list[str]:
    """Split into lines with their line feeds. Other line ends stay part of a line, so that a change of them shows.

    A line feed that is missing at the end only counts as a difference where the other text ends with one.
    """
    *whole, rest = text.split("\n")
    end = "\n" if other and not other.endswith("\n") else ""
    return [each + "\n" for each in whole] + ([rest + end] if rest else [])


Opcode = tuple[str, int, int, int, int]


def _passage(group: Sequence[Opcode], old: list[str], new: list[str], limit: int) -> Iterator[Marked]:
    if group[0][1] > 0:
        yield "@", f"line {group[0][1] + 1}"
    for tag, i1, i2, j1, j2 in group:
        if tag == "equal":
            yield from ((" ", shortened(line(each.removesuffix("\n").expandtabs(4)), limit)) for each in old[i1:i2])
        else:
            yield from _replaced(old[i1:i2], new[j1:j2], limit)


def _without_context(old: list[str], new: list[str], limit: int) -> Iterator[Marked]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        if tag != "equal":
            yield from _replaced(old[i1:i2], new[j1:j2], limit)


def _replaced(old: list[str], new: list[str], limit: int) -> Iterator[Marked]:
    pairs = [_pair(*pair, limit) for pair in zip(old, new, strict=False)]
    removed = [one for one, _ in pairs] + [
        shortened(line(each.removesuffix("\n")), limit) for each in old[len(pairs) :]
    ]
    added = [other for _, other in pairs] + [
        shortened(line(each.removesuffix("\n")), limit) for each in new[len(pairs) :]
    ]
    yield from (("-", each) for each in removed)
    yield from (("+", each) for each in added)


def _pair(old: str, new: str, limit: int) -> tuple[str, str]:
    """Return two lines that stand for each other, cut to what differs, and told apart when they look the same."""
    one, other = old.removesuffix("\n"), new.removesuffix("\n")
    if one == other:
        return _ending(old, limit), _ending(new, limit)
    return distinguish_lines(*_excerpts(one, other, limit))


def _ending(text: str, limit: int) -> str:
    shown = shortened(line(text.removesuffix("\n")), limit)
    return shown if text.endswith("\n") else f"{shown} (no line feed at the end)"


def _excerpts(one: str, other: str, limit: int) -> tuple[str, str]:
    if max(len(one), len(other)) <= limit:
        return one, other
    start = _common(one, other)
    rest = _common(one[start:][::-1], other[start:][::-1])
    return _excerpt(one, start, len(one) - rest, limit), _excerpt(other, start, len(other) - rest, limit)


def _common(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    return next(
        (at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(len(one), len(other))
    )


def _excerpt(text: str, start: int, end: int, limit: int) -> str:
    """Return the part of a long line that differs, with some characters around it."""
    first, last = max(start - _AROUND, 0), min(end + _AROUND, len(text))
    return f"{'…' * (first > 0)}{shortened(text[first:last], limit)}{'…' * (last < len(text))}"
