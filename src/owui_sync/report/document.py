"""One change in a document: what a reader sees of it, and what a saved plan needs beside that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from owui_sync.apply.outcome import Failure, Result
from owui_sync.plan.nested import NestedChange, are_nested, nested_changes
from owui_sync.plan.types import Cause, Change, FieldChange, InventoryEntry
from owui_sync.report.file_changes import file_changes
from owui_sync.report.words import are_files, is_hidden
from owui_sync.values import ABSENT, Json, LocalFile, SourcedText, encode, has_secret

_HIDDEN = {"secret": True, "changed": True}


def shown_change(change: Change) -> Json:
    """What a reader sees of a change."""
    return _change(change, _field)


def _change(change: Change, shown: Callable[[FieldChange], Json]) -> Json:
    rewritten = {"rewritten": [shown(field) for field in change.rewritten]} if change.rewritten else {}
    return {
        "action": change.action.value,
        "kind": change.kind,
        "key": change.key,
        "id": change.id,
        "source": str(change.source) if change.source else None,
        "reason": change.reason,
        "fields": [shown(field) for field in change.fields],
        "precondition": change.precondition,
        "depends_on": list(change.depends_on),
        "moved_from": change.moved_from,
        **rewritten,
    }


def _field(field: FieldChange) -> Json:
    hidden = is_hidden(field)
    shown = {
        "path": field.path,
        "before": dict(_HIDDEN) if hidden else _shown(field.before),
        "after": dict(_HIDDEN) if hidden else _shown(field.after),
        "cause": field.cause.value,
    }
    if not hidden and are_files(field.before, field.after):
        shown["files"] = file_changes(field.before, field.after).document()
    elif not hidden and are_nested(field.before, field.after):
        shown["details"] = [_detail(change) for change in nested_changes(shown["before"], shown["after"])]
    absent = [side for side in ("before", "after") if getattr(field, side) is ABSENT]
    return shown | ({"absent": absent} if absent else {}) | ({"secret": True} if hidden else {})


def _detail(change: NestedChange) -> Json:
    sides = {"before": change.before, "after": change.after}
    there = {side: value for side, value in sides.items() if value is not ABSENT}
    return {"path": change.path, "op": change.operation, **there}


def _shown(value: Any) -> Any:
    """A value for readers: what came from a file as the file, what is absent as null."""
    if value is ABSENT:
        return None
    if isinstance(value, SourcedText):
        return {"file": value.source.path, "sha256": value.source.sha256, "size": value.source.size}
    if isinstance(value, Mapping):
        return {key: _shown(item) for key, item in value.items()}
    return [_shown(item) for item in value] if isinstance(value, list | tuple) else value


def saved_change(change: Change) -> Json:
    """A change as a saved plan holds it: what a reader sees, exact values, and the inventory record."""

    def saved(field: FieldChange) -> Json:
        exact = {"value": encode(field.after)} if field.after is not ABSENT and is_saved(field) else {}
        return _field(field) | exact

    own = {"claim": change.claim, "taken_from": change.taken_from}
    return _change(change, saved) | {"record": record_document(change.record)} | own


def is_saved(field: FieldChange) -> bool:
    """Whether the exact value stands beside what is shown: names of secrets and files do, a secret in clear does not.

    A reset writes the default, which is no secret.
    """
    if is_hidden(field):
        return has_secret(field.after) or field.cause is Cause.RESET
    return _from_file(field.after)


def _from_file(value: Any) -> bool:
    if isinstance(value, LocalFile):
        return True
    if isinstance(value, Mapping):
        return any(map(_from_file, value.values()))
    return isinstance(value, SourcedText) or (isinstance(value, list | tuple) and any(map(_from_file, value)))


def record_document(record: InventoryEntry | None) -> Json | None:
    """An inventory record."""
    if record is None:
        return None
    marks = {"keep": record.keep, "partial": record.partial, "marker": record.marker, "adopted": record.adopted}
    owner = {"owner": record.owner} if record.owner else {}
    return {"id": record.id, "fields": dict(record.fields), **marks, **owner}


def result_document(result: Result) -> Json:
    """A change with how it ended."""
    shown: Json = shown_change(result.change) | {"status": result.status.value, "seconds": round(result.seconds, 3)}
    if error := result.error:
        shown["error"] = error_document(error)
    return shown


def error_document(error: Failure | None) -> Json | None:
    """Why something failed; None for what did not."""
    if error is None:
        return None
    return {"status": error.status, "detail": error.detail, "request": error.request, "hint": error.hint}
