"""The block of fields under a change of the human plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from owui_sync.plan.types import Action, Cause, Change, FieldChange
from owui_sync.report.difference import (
    Difference,
    Mark,
    Marked,
    access_difference,
    list_difference,
    mapping_difference,
    text_difference,
)
from owui_sync.report.json import is_hidden
from owui_sync.report.lines import Line, Span, cells, padded
from owui_sync.report.visible import spell_apart, visible
from owui_sync.report.words import ARROW, SECRET, is_access, is_image, is_nothing, is_text, words
from owui_sync.values import SourcedText

INDENT = 6
_GAP = 3
_PATH = 40
"""Columns of paths at most; a longer one pushes its value to the right."""
_DETAILS = 40
"""Lines of differences that one field may take."""

STYLES: Mapping[Mark, str] = {"-": "red", "+": "green", " ": "dim", "@": "cyan dim"}

_CAUSES = {
    Cause.MANIFEST: "changed in the manifest",
    Cause.DRIFT: "drifted on the server",
    Cause.RESET: "no longer written, back to the default",
}


@dataclass(frozen=True, slots=True)
class _Row:
    path: str
    value: str
    cause: str
    details: tuple[Marked, ...] = ()


def field_lines(change: Change, width: int) -> Iterator[Line]:
    """The fields of a change: what is written for a create, before and after with the cause for the rest.

    Args:
        change: the change.
        width: columns to arrange them in.
    """
    paths = [visible(field.path) for field in change.fields]
    column = min(max(map(cells, paths), default=0), _PATH) + _GAP
    if change.action is Action.CREATE:
        for field, path in zip(change.fields, paths, strict=True):
            yield _created(field, path, column)
        return
    causes = [_cause(change, field) for field in change.fields]
    room = width - INDENT - column - _GAP + 1 - max(map(cells, causes), default=0)
    rows = [_row(*each, room) for each in zip(change.fields, paths, causes, strict=True)]
    values = max((cells(row.value) for row in rows), default=0)
    for row in rows:
        yield from _row_lines(row, column, values)


def _cause(change: Change, field: FieldChange) -> str:
    if change.action is Action.ADOPT and field.cause is Cause.MANIFEST:
        return "differs from the manifest"
    return _CAUSES[field.cause]


def _created(field: FieldChange, path: str, column: int) -> Line:
    value = SECRET if is_hidden(field) else words(field.after, field.path)
    return Line(((padded(path, column - 1) + " ", ""),), ((value, _quiet(value)),), INDENT)


def _row(field: FieldChange, path: str, cause: str, room: int) -> _Row:
    """A field with its values on one line of at most `room` columns, or with what differs below."""
    if is_hidden(field):
        return _Row(path, SECRET, cause)
    if difference := _difference(field):
        return _Row(path, f"({_kind(field)}, {difference.summary})", cause, difference.lines)
    before, after = _both(field)
    value = f"{before}{ARROW}{after}"
    if cells(value) <= room:
        return _Row(path, value, cause)
    if is_access(field.path, field.before) and is_access(field.path, field.after):
        difference = access_difference(field.before, field.after)
        return _Row(path, f"({difference.summary})", cause, difference.lines)
    return _Row(path, "", cause, (("-", before), ("+", after)))


def _both(field: FieldChange) -> tuple[str, str]:
    if isinstance(field.before, str) and isinstance(field.after, str) and not _special(field):
        return spell_apart(field.before, field.after)
    return words(field.before, field.path), words(field.after, field.path)


def _special(field: FieldChange) -> bool:
    return any(
        is_image(value) or is_access(field.path, value) or isinstance(value, SourcedText)
        for value in (field.before, field.after)
    )


def _kind(field: FieldChange) -> str:
    """What the difference is of: `text`, `text of prompts/triage.md`, `list` or `mapping`."""
    source = getattr(field.after, "source", None)
    if source:
        return f"text of {visible(source.path)}"
    value = field.before if is_nothing(field.after) else field.after
    return "text" if isinstance(value, str) else "mapping" if isinstance(value, Mapping) else "list"


def _difference(field: FieldChange) -> Difference | None:
    """What differs item by item or line by line, for values that have items or lines."""
    before, after = field.before, field.after
    if is_access(field.path, before) or is_access(field.path, after):
        return None
    if is_text(before) or is_text(after):
        return text_difference(_or(before, ""), _or(after, "")) if _all(str, before, after) else None
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        return mapping_difference(_or(before, {}), _or(after, {})) if _all(Mapping, before, after) else None
    if isinstance(before, list | tuple) or isinstance(after, list | tuple):
        return list_difference(_or(before, []), _or(after, [])) if _all((list, tuple), before, after) else None
    return None


def _or(value: Any, empty: Any) -> Any:
    return empty if is_nothing(value) else value


def _all(types: type | tuple[type, ...], *values: Any) -> bool:
    return all(is_nothing(value) or (isinstance(value, types) and not is_image(value)) for value in values)


def _row_lines(row: _Row, column: int, values: int) -> Iterator[Line]:
    lead = (padded(row.path, column - 1) + " ", "")
    yield Line(
        (lead, *_value(row.value), (" " * (values - cells(row.value) + _GAP - 1), "")), ((row.cause, "dim"),), INDENT
    )
    yield from detail_lines(row.details)


def _value(value: str) -> Sequence[Span]:
    before, arrow, after = value.partition(ARROW)
    if not arrow:
        return ((value, _quiet(value)),)
    return ((before, "red"), (arrow, "dim"), (after, "green"))


def _quiet(value: str) -> str:
    return "dim" if value.startswith("(") else ""


def detail_lines(details: Sequence[Marked]) -> Iterator[Line]:
    """Marked lines below a field, cut with a stated count."""
    shown = details if len(details) <= _DETAILS else details[: _DETAILS - 5]
    for mark, text in shown:
        yield Line(((f"{mark} ", STYLES[mark]),), ((text, STYLES[mark]),), INDENT + 2)
    if left := [mark for mark, _ in details[len(shown) :] if mark in "+-"]:
        yield Line((), ((f"… {len(left):,} more lines of this difference, see --format json", "dim"),), INDENT + 2)
