"""The block of fields under a change of the human plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from owui_sync.plan.stored_files import is_files
from owui_sync.plan.types import Action, Cause, Change, FieldChange
from owui_sync.report.console import UNLIMITED
from owui_sync.report.difference import (
    LINE,
    Difference,
    Marked,
    access_difference,
    files_difference,
    list_difference,
    mapping_difference,
    text_difference,
)
from owui_sync.report.file_changes import Mark
from owui_sync.report.lines import Line, Span, cells, padded
from owui_sync.report.visible import distinguish, line, visible
from owui_sync.report.words import ARROW, SECRET, is_access, is_image, is_nothing, is_text, words
from owui_sync.values import SourcedText

INDENT = 6
_GAP = 3
_PATH = 40
"""Columns of paths at most; a longer one pushes its value to the right."""
_DETAILS = 40
"""Lines of differences that one field may take."""
_RUN = 12
"""Lines that are removed or added in one place, before the rest is only counted."""

STYLES: Mapping[Mark, str] = {"-": "red", "+": "green", "~": "yellow", "»": "blue", " ": "dim", "@": "cyan dim"}

_CAUSES = {
    Cause.MANIFEST: "changed in the manifest",
    Cause.DRIFT: "drifted on the server",
    Cause.RESET: "no longer written, reset to the default",
}


@dataclass(frozen=True, slots=True)
class _Row:
    path: str
    value: tuple[Span, ...]
    cause: str
    details: tuple[Marked, ...] = ()

    @property
    def width(self) -> int:
        """Columns of the value."""
        return sum(cells(text) for text, _ in self.value)


def field_lines(change: Change, width: int, *, full: bool = False) -> Iterator[Line]:
    """Yield the fields of a change: what is written for a create, before and after with the cause for the rest.

    Args:
        change: the change.
        width: columns to arrange them in.
        full: show every line that differs, and all of each.
    """
    paths = [visible(field.path) for field in change.fields]
    column = min(max(map(cells, paths), default=0), _PATH) + _GAP
    if change.action is Action.CREATE:
        for field, path in zip(change.fields, paths, strict=True):
            yield _created(field, path, column)
            if full:
                yield from detail_lines(_new_text(field), full=True)
        return
    room = width - INDENT - column
    rows = [_row(change, *each, room, UNLIMITED if full else None) for each in zip(change.fields, paths, strict=True)]
    fitting = [row.width for row in rows if row.width + _GAP + cells(row.cause) <= room]
    for row in rows:
        yield from _row_lines(row, column, max(fitting, default=0), room)
        yield from detail_lines(row.details, full=full)


def cause_words(change: Change, field: FieldChange) -> str:
    """Return why a field differs, for a person."""
    if change.action is Action.ADOPT and field.cause is Cause.MANIFEST:
        return "differs from the manifest"
    if change.source is None and field.cause is Cause.MANIFEST:  # No manifest asks for it: see `owui_sync.clone`.
        return "differs between the servers"
    return _CAUSES[field.cause]


def _created(field: FieldChange, path: str, column: int) -> Line:
    value = SECRET if field.is_hidden else words(field.after, field.path)
    return Line(((padded(path, column - 1) + " ", ""),), ((value, "dim" if value.startswith("(") else ""),), INDENT)


def _new_text(field: FieldChange) -> list[Marked]:
    """Return the lines of a text that is new, where it is shown by its size alone."""
    if field.is_hidden or not is_text(field.after):
        return []
    return [("+", line(each)) for each in field.after.split("\n")]


def _row(change: Change, field: FieldChange, path: str, room: int, limit: int | None) -> _Row:
    """Return a field with its values on one line of at most `room` columns, or with what differs below."""
    cause = cause_words(change, field)
    if field.is_hidden:
        return _Row(path, ((SECRET, "dim"),), cause)
    if difference := difference_of(field, limit or LINE):
        return _different(path, _of(field), difference, cause)
    before, after = both_sides(field)
    if cells(before) + len(ARROW) + cells(after) <= room:
        return _Row(path, ((before, STYLES["-"]), (ARROW, "dim"), (after, STYLES["+"])), cause)
    if is_access(field.path, field.before) and is_access(field.path, field.after):
        return _different(path, "", access_difference(field.before, field.after), cause)
    return _Row(path, (), cause, (("-", before), ("+", after)))


def _different(path: str, of: str, difference: Difference, cause: str) -> _Row:
    return _Row(path, ((f"({of}{difference.summary})", "dim"),), cause, difference.lines)


def both_sides(field: FieldChange) -> tuple[str, str]:
    """Return both values on one line each, told apart where they would look the same."""
    if isinstance(field.before, str) and isinstance(field.after, str) and not _in_words(field):
        return distinguish(field.before, field.after)
    return words(field.before, field.path), words(field.after, field.path)


def _in_words(field: FieldChange) -> bool:
    return any(is_image(value) or is_access(field.path, value) for value in (field.before, field.after))


def _of(field: FieldChange) -> str:
    """Return what kind of text a difference is of, and the file that it comes from; nothing for lists and mappings."""
    if isinstance(field.after, SourcedText):
        return f"text of {visible(field.after.source.path)}, "
    return "text, " if is_text(field.before) or is_text(field.after) else ""


def difference_of(field: FieldChange, limit: int) -> Difference | None:
    """Return what differs item by item or line by line, for values that have items or lines."""
    before, after = field.before, field.after
    if is_access(field.path, before) or is_access(field.path, after):
        return None
    if is_text(before) or is_text(after):
        return text_difference(_or(before, ""), _or(after, ""), limit) if _all(str, before, after) else None
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        return mapping_difference(_or(before, {}), _or(after, {}), limit) if _all(Mapping, before, after) else None
    if is_files(before) or is_files(after):
        return files_difference(_or(before, []), _or(after, []), limit)
    if isinstance(before, list | tuple) or isinstance(after, list | tuple):
        return list_difference(_or(before, []), _or(after, []), limit) if _all((list, tuple), before, after) else None
    return None


def _or(value: Any, empty: Any) -> Any:
    return empty if is_nothing(value) else value


def _all(types: type | tuple[type, ...], *values: Any) -> bool:
    return all(is_nothing(value) or (isinstance(value, types) and not is_image(value)) for value in values)


def _row_lines(row: _Row, column: int, values: int, room: int) -> Iterator[Line]:
    lead, cause = (padded(row.path, column - 1) + " ", ""), (row.cause, "dim")
    if row.width + _GAP + cells(row.cause) <= room:
        space = (" " * (max(values - row.width, 0) + _GAP), "")
        yield Line((lead,), (*row.value, space, cause), INDENT)
    else:
        yield Line((lead,), row.value, INDENT)
        yield Line(((" " * column, ""),), (cause,), INDENT)


def detail_lines(details: Sequence[Marked], *, full: bool = False) -> Iterator[Line]:
    """Yield marked lines below a field; without `full`, long runs and long differences are cut with a stated count."""
    if full:
        yield from (_detail(mark, text) for mark, text in details)
        return
    budget, left = _DETAILS, 0
    for mark, run in groupby(details, key=itemgetter(0)):
        lines = [text for _, text in run]
        shown = lines[: min(budget, _RUN if len(lines) > _RUN + 1 else len(lines))]
        budget -= len(shown)
        yield from (_detail(mark, text) for text in shown)
        if budget and len(shown) < len(lines):
            yield _detail(mark, f"… {len(lines) - len(shown):,} more")
        elif mark not in " @":
            left += len(lines) - len(shown)
    if left:
        yield _detail(" ", f"… {left:,} more lines that differ; --full-diff shows all")


def _detail(mark: Mark, text: str) -> Line:
    return Line(((f"{mark} ", STYLES[mark]),), ((text, STYLES[mark]),), INDENT + 2)
