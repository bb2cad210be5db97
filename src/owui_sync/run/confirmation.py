"""The questions before a plan is carried out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from owui_sync.apply.context import StackLock
from owui_sync.apply.lock import taken
from owui_sync.apply.signals import at_question
from owui_sync.errors import StalePlan
from owui_sync.plan.claims import check_claim, foreign_words
from owui_sync.plan.file.document import digest_of
from owui_sync.plan.refusals import RefusedPlan
from owui_sync.plan.types import Plan
from owui_sync.run.interfaces import PlanSource, RunReporter
from owui_sync.run.options import RunOptions


def confirm(plan: Plan, options: RunOptions) -> bool:
    """Ask whether to go ahead, where somebody is to be asked; return whether somebody was.

    Raises:
        UnsafePlan: the stack seems to be another project's, and nobody can be asked.
        Exception: whatever `options.ask` raises for a no.
    """
    if plan.claims and plan.changes and not options.claim_stack:
        if options.ask is None:
            check_claim(plan)
        _ask(options, f"{foreign_words(plan.stack, plan.owned)}. Go on?")
    if options.ask is None or plan.empty:
        return False
    _ask(options, options.question)
    return True


@contextmanager
def showing_refused(source: PlanSource, reporter: RunReporter) -> Iterator[None]:
    """Show a plan that the block refuses to give."""
    try:
        yield
    except RefusedPlan as refused:
        if source.shows_plan:
            reporter.preview_plan(refused.plan, asks=False)
        raise


EMPTY = "empty"
"""What is expected in place of a digest where a plan without changes was reviewed, or none."""


def check_digest(plan: Plan, expected: str | None) -> None:
    """Raise StalePlan if another digest, or an empty plan, is expected: the plan is not the one that was reviewed."""
    if expected is None or (expected == EMPTY and plan.empty):
        return
    if expected == EMPTY:
        raise StalePlan("the plan is not empty, as it was expected to be", hint="review the plan that is shown")
    found = digest_of(plan)
    if found.removeprefix("sha256:") != expected.lower().removeprefix("sha256:"):
        hint = "review the plan that is shown, and pass its digest"
        if plan.empty:
            hint = "there is nothing to do: the expected plan may have been applied already"
        raise StalePlan(f"the plan is not the expected one: its digest is {found}", hint=hint)


def _ask(options: RunOptions, question: str) -> None:
    if options.ask is not None:
        with at_question():
            options.ask(question)


async def ensure_held(lock: StackLock, stack: str) -> None:
    """Raise Locked if another run took the lock while a person thought about the answer: nothing was renewed then."""
    if not await lock.held():
        raise taken(stack, "nothing was changed")
