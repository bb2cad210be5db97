"""Warnings about a plan that only more requests tell: asked for what changes, and for nothing else."""

from __future__ import annotations

from typing import Any

from owui_sync.client.reader import Reader
from owui_sync.kinds import KINDS
from owui_sync.plan.types import Action, Plan
from owui_sync.values import reveal


async def cautions(reader: Reader, plan: Plan) -> list[str]:
    """Return what may undo the changes of a plan, or make them do nothing. Requests as `Kind.cautions` says."""
    changed: dict[str, dict[str, dict[str, Any]]] = {}
    for change in plan.changes:
        if change.action is not Action.DELETE and change.fields:
            values = {field.path: reveal(field.after) for field in change.fields}
            changed.setdefault(change.kind, {})[change.key] = values
    found = []
    for kind, changes in changed.items():
        found += await KINDS[kind].cautions(reader, changes)
    return list(dict.fromkeys(found))
