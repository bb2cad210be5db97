"""What a fleet's report shows of a plan, and of an apply that did not do all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from owui_sync.apply.outcome import Failure, Outcome, Status
from owui_sync.errors import Diagnostic
from owui_sync.jobs.outcome import JobResult
from owui_sync.plan.file.change import SHOWN_KEYS
from owui_sync.plan.file.document import plan_document
from owui_sync.plan.file.table import Record
from owui_sync.plan.types import Change, Plan
from owui_sync.values import Json

_KEYS = {key.name: key for key in SHOWN_KEYS}
_SHOWN = Record(
    "change",
    "What happens to one object, on every server that has the same change.",
    tuple(_KEYS[name] for name in ("action", "kind", "key", "moved_from", "reason", "fields")),
)
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
    """Return a change without the keys that say nothing."""
    return {name: value for name, value in _SHOWN.dump(change).items() if value or name == "fields"}


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
