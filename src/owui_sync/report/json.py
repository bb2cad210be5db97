"""Plans and outcomes for machines: the documents of CLI.md, "Machine formats"."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from owui_sync.apply.outcome import Outcome, Result
from owui_sync.errors import Problem
from owui_sync.plan.types import Action, Cause, Change, FieldChange, Plan, Record
from owui_sync.values import ABSENT, Json, SourcedText, encode, has_secret

FORMAT = 1
"""Version of the documents."""

_HIDDEN = {"secret": True, "changed": True}
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def plan_document(plan: Plan, requests: int) -> Json:
    """What `plan --format json` prints and `plan --out` saves; holds no secret value and no content of a file.

    Args:
        plan: the plan.
        requests: HTTP requests that were sent for it.
    """
    return {
        **_head(plan),
        "changes": [_change(change) | _saved(change) for change in plan.changes],
        "jobs": [],
        "unchanged": list(plan.unchanged),
        "settled": {address: _record(record) for address, record in plan.settled.items()},
        "want": sorted(plan.want),
        "owned": plan.owned,
        "message": plan.message,
        "warnings": list(plan.warnings),
        "requests": requests,
    }


def outcome_document(outcome: Outcome) -> Json:
    """What `apply --format json` prints."""
    return {
        **_head(outcome.plan),
        "changes": [_change(result.change) | _result(result) for result in outcome.results],
        "jobs": [],
        "interrupted": outcome.interrupted,
        "warnings": list(outcome.plan.warnings),
        "requests": outcome.requests,
    }


def dumps(document: Json) -> str:
    """A document as text, indented, with a line feed at the end; it can always be encoded as UTF-8."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def unsavable(plan: Plan) -> tuple[Problem, ...]:
    """What keeps a plan from being saved: values of secret fields that are written in clear, not with `!secret`."""
    return tuple(
        unsaved(change.address, field.path, str(change.source) if change.source else None)
        for change in plan.changes
        for field in change.fields
        if is_hidden(field) and field.after is not ABSENT and not _is_saved(field)
    )


def unsaved(address: str, path: str, where: str | None) -> Problem:
    """The problem of a secret value that a saved plan cannot hold."""
    return Problem(
        f"{address}: {path} is secret but written in clear, so a saved plan does not hold it",
        where,
        "write it with !secret, or apply the manifests instead of a saved plan",
    )


def is_hidden(field: FieldChange) -> bool:
    """Whether neither side of a field may be shown."""
    return field.secret or has_secret(field.before) or has_secret(field.after)


def _head(plan: Plan) -> Json:
    return {
        "format": FORMAT,
        "tool": plan.tool,
        "created_at": plan.created_at,
        "stack": plan.stack,
        "server": {"url": plan.server.url, "version": plan.server.version},
        "summary": {
            **{action.value: plan.count(action) for action in Action},
            "move": 0,
            "unchanged": len(plan.unchanged),
            "awaited": 0,
            "jobs": 0,
        },
    }


def _change(change: Change) -> Json:
    return {
        "action": change.action.value,
        "kind": change.kind,
        "key": change.key,
        "id": change.id,
        "source": str(change.source) if change.source else None,
        "reason": change.reason,
        "fields": [_field(field) for field in change.fields],
        "precondition": change.precondition,
        "depends_on": list(change.depends_on),
    }


def _field(field: FieldChange) -> Json:
    hidden = is_hidden(field)
    shown = {
        "path": field.path,
        "before": dict(_HIDDEN) if hidden else _shown(field.before),
        "after": dict(_HIDDEN) if hidden else _shown(field.after),
        "cause": field.cause.value,
    }
    absent = [side for side in ("before", "after") if getattr(field, side) is ABSENT]
    return shown | ({"absent": absent} if absent else {}) | ({"secret": True} if hidden else {})


def _shown(value: Any) -> Any:
    """A value for readers: what came from a file as the file, what is absent as null."""
    if value is ABSENT:
        return None
    if isinstance(value, SourcedText):
        return {"file": value.source.path, "sha256": value.source.sha256, "size": value.source.size}
    if isinstance(value, Mapping):
        return {key: _shown(item) for key, item in value.items()}
    return [_shown(item) for item in value] if isinstance(value, list | tuple) else value


def _saved(change: Change) -> Json:
    """What only the saved plan needs of a change."""
    fields = []
    for field in change.fields:
        exact = {"value": encode(field.after)} if field.after is not ABSENT and _is_saved(field) else {}
        fields.append(_field(field) | exact)
    return {"fields": fields, "record": _record(change.record)}


def _is_saved(field: FieldChange) -> bool:
    """Whether the exact value stands beside what is shown: names of secrets and files do, a secret in clear does not.

    A reset writes the default, which is no secret.
    """
    if is_hidden(field):
        return has_secret(field.after) or field.cause is Cause.RESET
    return _from_file(field.after)


def _from_file(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_from_file, value.values()))
    return isinstance(value, SourcedText) or (isinstance(value, list | tuple) and any(map(_from_file, value)))


def _record(record: Record | None) -> Json | None:
    if record is None:
        return None
    return {"id": record.id, "fields": dict(record.fields), "keep": record.keep, "partial": record.partial}


def _result(result: Result) -> Json:
    shown: Json = {"status": result.status.value, "seconds": round(result.seconds, 3)}
    if error := result.error:
        shown["error"] = {
            "status": error.status,
            "detail": error.detail,
            "request": error.request,
            "hint": error.hint,
        }
    return shown
