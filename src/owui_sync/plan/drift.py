"""The part of a plan that undoes what somebody changed on the server."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace

from owui_sync.plan.types import Action, Cause, Change, Plan


def drift_of(plan: Plan, owned: Container[str]) -> Plan:
    """Return the plan reduced to drift: fields that were changed on the server, objects that were deleted or renamed.

    It is for showing only, so it is refused for nothing that it leaves out: an apply of it would record fields as
    applied that were not.

    Args:
        owned: the addresses that the inventory lists.
    """
    return replace(plan, changes=tuple(_drifted(plan, owned)), refusals=(), claims=False, drift_only=True)


def drifted(plan: Plan) -> int:
    """Return how many objects were changed on the server since the last apply."""
    if plan.drift_only:
        return len(plan.changes)
    return sum(any(field.cause is Cause.DRIFT for field in change.fields) for change in plan.changes)


def _drifted(plan: Plan, owned: Container[str]) -> Iterator[Change]:
    for change in plan.changes:
        fields = tuple(field for field in change.fields if field.cause is Cause.DRIFT)
        is_renamed = change.moved_from is not None and change.address in owned and change.action is not Action.DELETE
        if is_renamed or (fields and change.action is not Action.ADOPT):
            yield replace(change, fields=fields, rewritten=())
