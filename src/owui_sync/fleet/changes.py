"""What a fleet's report shows of a plan, and of an apply that did not do all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from owui_sync.apply.outcome import Failure, Outcome, Status
from owui_sync.errors import Diagnostic
from owui_sync.jobs.outcome import JobResult
from owui_sync.plan.file.change import SAVED_CHANGE
from owui_sync.plan.file.document import plan_document
from owui_sync.plan.file.field import SHOWN_FIELD
from owui_sync.plan.types import Change, Plan
from owui_sync.values import Json

_SHOWN = ("action", "kind", "key", "moved_from", "reason")
_ENDS = {Status.SKIPPED: "was skipped", Status.FAILED: "failed", Status.DONE: "is incomplete"}
"""Status of a change or a job that has a problem -> how it ended."""


def differences(plan: Plan) -> list[Json]:
    """Return what an apply would do, jobs included, without what is an instance's own: ids, positions, digests."""
    changes = [_shown(change) for change in plan.changes]
    jobs = [
        {"action": "run", "kind": "job", "key": due.job.name, "reason": due.reason, "fields": []} for due in plan.jobs
    ]
    return [*changes, *jobs]


def _shown(change: Change) -> Json:
    document = SAVED_CHANGE.dump(change)
    shown: Json = {name: document[name] for name in _SHOWN if document[name]}
    return {**shown, "fields": [SHOWN_FIELD.dump(field) for field in change.fields]}


def digests_of(plan: Plan) -> tuple[str, str]:
    """Return the digest and the review digest of a plan; empty for one without changes."""
    if plan.empty:
        return "", ""
    document = plan_document(plan)
    return document["digest"], document["review_digest"]


def failures(outcome: Outcome) -> Iterator[Diagnostic]:
    """Yield a problem for each change that was not made in full, and for an inventory that was not kept."""
    for result in outcome.results:
        if result.error is not None or result.status is not Status.DONE:
            yield _problem(f"{result.change.address} {_ENDS[result.status]}", result.error)
    if outcome.unrecorded is not None:
        yield _problem("the inventory could not be kept", outcome.unrecorded)


def jobs_failed(jobs: Iterable[JobResult]) -> Iterator[Diagnostic]:
    """Yield a problem for each job that failed, was left out, or is not as expected."""
    for job in jobs:
        if job.status is Status.DONE and job.unrecorded is None:
            continue
        unmet = [f"{verdict.check}: wanted {verdict.wanted}" for verdict in job.verdicts if not verdict.met]
        yield _problem(f"job/{job.name} {_ENDS[job.status]}", job.error or job.unrecorded, "; ".join(unmet))


def _problem(what: str, error: Failure | None, more: str = "") -> Diagnostic:
    detail = error.detail if error else more
    message = f"{what}: {detail}" if detail else what
    return Diagnostic(message, error.request, error.hint) if error else Diagnostic(message)
