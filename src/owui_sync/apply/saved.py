"""A saved plan is a promise: it is applied exactly as it was shown, or not at all."""

from __future__ import annotations

from collections.abc import Iterator

from owui_sync.errors import OwuiSyncError, Problem, StalePlan
from owui_sync.plan.precondition import holds
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Action, Change, Plan

_AGAIN = "make a new plan, look at it, and apply that"


def check_promise(plan: Plan, snapshot: Snapshot) -> None:
    """Raises StalePlan when an object that the plan touches is not as the plan saw it, naming each."""
    if plan.server.url != snapshot.server.url:
        raise OwuiSyncError(f"the plan is for {plan.server.url}, not for {snapshot.server.url}")
    stale = [problem for change in plan.changes for problem in _moved(change, snapshot)]
    if stale:
        raise StalePlan.of(stale)


def _moved(change: Change, snapshot: Snapshot) -> Iterator[Problem]:
    lives = snapshot.objects.get(change.address, ())
    live = snapshot.find(change.live_address, change.id) if change.id else next(iter(lives), None)
    where = str(change.source) if change.source else None
    if not holds(change.precondition, live):
        happened = "is gone" if live is None else "exists by now" if change.id is None else "was changed"
        yield Problem(f"{change.address} {happened} since the plan was made", where, _AGAIN)
    elif change.action is Action.DELETE and change.source is None and change.address not in snapshot.inventory.records:
        yield Problem(f"{change.address} is no longer owned by stack {snapshot.inventory.stack!r}", where, _AGAIN)
