"""Plans that are only shown: a rule of safety forbids them, or they are a part of what is to be done."""

from __future__ import annotations

from owui_sync.errors import OwuiSyncError, UnsafePlan
from owui_sync.plan.types import Plan


class RefusedPlan(UnsafePlan):
    """A rule of safety forbids a plan; its `refusals` say why.

    Args:
        plan: the plan, for reports.
    """

    def __init__(self, plan: Plan) -> None:
        super().__init__("")
        self.problems = plan.refusals
        self.plan = plan


def check_refusals(plan: Plan) -> Plan:
    """Return the plan. Raises RefusedPlan if a rule of safety forbids it."""
    if plan.refusals:
        raise RefusedPlan(plan)
    return plan


def check_whole(plan: Plan) -> Plan:
    """Return a saved plan that can be applied. Raises OwuiSyncError for one that is reduced to drift, or refused."""
    if plan.drift_only:
        raise OwuiSyncError("this plan shows only what drifted", hint="make one without --drift-only to apply it")
    return check_refusals(plan)
