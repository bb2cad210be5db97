"""The threshold of deletions: a manifest folder that is half empty by mistake must not empty the server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from owui_sync.errors import Diagnostic, UsageError
from owui_sync.plan.types import Action, Plan
from owui_sync.wording import listed_briefly

SMALL_STACK = 10
"""Below this many owned objects the default threshold is another one: two, or half of them."""
_FEW = 2
"""So many objects of a small stack may always be deleted."""
_NAMED = 10
"""So many of the objects that would be deleted are named."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """How many objects one apply may delete: a number, or a share of what the stack owns in percent."""

    amount: int
    percent: bool

    @classmethod
    def parse(cls, text: str) -> Threshold:
        """Return what `--max-delete` means: `12` or `30%`. Raises UsageError for anything else."""
        number = text.removesuffix("%").strip()
        if not number.isdecimal():
            raise UsageError(f"--max-delete takes a number or a percentage, not {text!r}")
        percent = text.endswith("%")
        if percent and int(number) > 100:
            raise UsageError(f"--max-delete takes 0% to 100%, not {text}", hint="100% allows every deletion")
        return cls(int(number), percent)

    def allowed(self, owned: int) -> int:
        """Return the number of deletes allowed for a stack of that size."""
        return owned * self.amount // 100 if self.percent else self.amount


DEFAULT = Threshold(30, percent=True)
_EVERYTHING = Threshold(100, percent=True)
"""No limit, not even for what `absent` names and the stack does not own."""


def too_many_deletes(plan: Plan, threshold: Threshold | None) -> Iterator[Diagnostic]:
    """Yield a problem when the plan deletes more than the threshold, or than the default where none is given."""
    if threshold == _EVERYTHING:
        return
    small = threshold is None and plan.owned < SMALL_STACK
    deletes = [change for change in plan.changes if change.action is Action.DELETE]
    # What `absent` names one by one and the stack does not own was not forgotten in the manifests.
    deleted = [change.address for change in deletes if change.claim or not small]
    allowed = max(_FEW, plan.owned // 2) if small else (threshold or DEFAULT).allowed(plan.owned)
    if len(deleted) > allowed:
        yield Diagnostic(
            f"the plan deletes {len(deleted)} of the {plan.owned} objects that stack {plan.stack!r} owns, and at most "
            f"{allowed} are allowed: {listed_briefly(deleted, _NAMED)}",
            hint=f"if that is meant, pass --max-delete {len(deleted)}; to delete nothing, pass --no-delete",
        )
