"""A saved plan is a promise: it is applied exactly as it was shown, or not at all."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from owui_sync.errors import Diagnostic, OwuiSyncError, StalePlan
from owui_sync.kinds import KINDS
from owui_sync.kinds.observed import ObservedResource
from owui_sync.manifest.desired import Entry
from owui_sync.plan.compatibility import too_new
from owui_sync.plan.difference import default
from owui_sync.plan.job_history import claim_of
from owui_sync.plan.precondition import claim, holds
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Cause, Change, JobRecord, Plan
from owui_sync.resolve.graph import named
from owui_sync.values import ABSENT, has_secret, same

_AGAIN = "make a new plan, look at it, and apply that"


def verify_preconditions(plan: Plan, snapshot: Snapshot) -> None:
    """Raise StalePlan when an object that the plan touches is not as the plan saw it, naming each."""
    _check_server(plan, snapshot)
    made = {change.address for change in plan.changes}
    stale = [
        problem for change in plan.changes for problem in (*_moved(change, snapshot), *_lost(change, made, snapshot))
    ]
    if stale := stale or _refused(plan, snapshot):
        raise StalePlan.of(stale)


def verify_jobs(plan: Plan, runs: Mapping[str, JobRecord]) -> None:
    """Raise StalePlan when a job of the plan was run since, naming each; it would be asked again.

    Args:
        runs: name -> the last run of a job, as it is known now.
    """
    stale = [
        Diagnostic(f"{due.job.address} was run since the plan was made", str(due.job.source), _AGAIN)
        for due in plan.jobs
        if due.claim and due.claim != claim_of(runs.get(due.job.name))
    ]
    if stale:
        raise StalePlan.of(stale)


def _check_server(plan: Plan, snapshot: Snapshot) -> None:
    """Raise StalePlan when the plan was made for another server, version or account, and say which differs."""
    then, now = plan.server, snapshot.server
    if then.url != now.url:
        raise OwuiSyncError(f"the plan is for {then.url}, not for {now.url}")
    wrong = []
    if then.instance and then.instance != now.instance:
        wrong.append(
            f"the plan was made for another instance of Open WebUI than the one that answers at {now.url} now "
            f"(`server.instance`: {then.instance[:19]}... then, {now.instance[:19]}... now)"
        )
    if then.version != now.version:
        wrong.append(f"the plan was made for Open WebUI {then.version}, and the server runs {now.version}")
    if plan.account != snapshot.account:
        wrong.append("the plan was made with the token of another account, and it depends on whose token that is")
    if wrong:
        raise StalePlan.of(Diagnostic(message, None, _AGAIN) for message in wrong)


def _moved(change: Change, snapshot: Snapshot) -> Iterator[Diagnostic]:
    lives = snapshot.objects.get(change.address, ())
    live = snapshot.find(change.live_address, change.id) if change.id else next(iter(lives), None)
    where = str(change.source) if change.source else None
    if not holds(change.precondition, live):
        happened = "is gone" if live is None else "exists by now" if change.id is None else "was changed"
        yield Diagnostic(f"{change.address} {happened} since the plan was made", where, _AGAIN)
    elif live and (paths := _other_defaults(change, live)):
        yield Diagnostic(f"{change.address} resets `{paths[0]}` to another value than its default", where, _AGAIN)
    elif claim(change, snapshot.inventory.records) != change.claim:
        message = (
            f"another run of stack {snapshot.inventory.stack!r} dealt with {change.address} since the plan was made"
        )
        yield Diagnostic(message, where, _AGAIN)


def _other_defaults(change: Change, live: ObservedResource) -> list[str]:
    """Return the fields that a change says it resets to their defaults, and gives another value."""
    resets = {field.path: field.after for field in change.fields if field.cause is Cause.RESET}
    own = KINDS[change.kind].default
    return [
        path
        for path, after in resets.items()
        if has_secret(after) or not (same(after, own(path, change.key)) or same(after, default(live, path)))
    ]


def _refused(plan: Plan, snapshot: Snapshot) -> list[Diagnostic]:
    """Return what the server cannot do of a plan. It could when the plan was made, so that this one was edited."""
    entries = {change.address: (change, entry) for change in plan.changes if (entry := _written(change))}
    problems = too_new((entry for _, entry in entries.values()), snapshot.server.version)
    for change, entry in entries.values():
        live = snapshot.find(change.live_address, change.id) if change.id else None
        for _, message, hint in KINDS[change.kind].problems(change.key, entry.values, live, snapshot.names):
            problems.append(Diagnostic(f"{change.address}: {message}", str(entry.source), hint))
    return problems


def _written(change: Change) -> Entry | None:
    """Return the entry of the values that a change writes; None where it only resets or deletes."""
    values = {
        field.path: field.after
        for field in change.written
        if field.after is not ABSENT and field.cause is not Cause.RESET
    }
    return Entry(change.kind, change.key, values, change.source) if values and change.source else None


def _lost(change: Change, made: Container[str], snapshot: Snapshot) -> Iterator[Diagnostic]:
    """Yield what the change names and neither the server has any more nor the plan makes."""
    written = {field.path: field.after for field in change.written}
    for use in named(change.kind, written):
        if not snapshot.names.ids(use.kind, use.key) and not use.elsewhere and use.address not in made:
            where = str(change.source) if change.source else None
            yield Diagnostic(
                f"{change.address} names {use.address}, which is gone since the plan was made", where, _AGAIN
            )
