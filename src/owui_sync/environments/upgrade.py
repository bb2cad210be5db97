"""What an upgrade of the server did to what the manifests manage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from owui_sync.apply.outcome import Result, Status
from owui_sync.environments.session import with_address
from owui_sync.errors import Diagnostic, OwuiSyncError
from owui_sync.jobs.outcome import JobResult
from owui_sync.manifest.desired import Desired
from owui_sync.plan.types import Action, Change, FieldChange, Plan
from owui_sync.run.result import RunResult

_IN_PLACE = (Action.UPDATE, Action.ADOPT)
"""What leaves the object where it is."""


@dataclass(frozen=True, slots=True)
class MigratedField:
    """A field of an object that the new version has otherwise than the old one kept it.

    Args:
        address: the object.
        field: what differs: `before` is what the new version has, `after` what the manifests want.
        settled: an apply on the new version brings it back.
    """

    address: str
    field: FieldChange
    settled: bool = True


@dataclass(frozen=True, slots=True)
class MigratedObject:
    """An object that the new version has otherwise, as a whole: it is gone, or has another id.

    Args:
        address: the object.
        action: what an apply does about it.
        settled: it does it with success.
    """

    address: str
    action: Action
    settled: bool = True


@dataclass(frozen=True, slots=True)
class Impossible:
    """What the manifests ask for and the new version does not do.

    Args:
        version: the new version.
        reason: in the words of the server, or of the plan; with the place.
    """

    version: str
    reason: Diagnostic


@dataclass(frozen=True, slots=True)
class KeptObject:
    """An object with the number of its managed fields that are as before."""

    address: str
    fields: int


@dataclass(frozen=True, slots=True)
class ComparedAnswer:
    """A job that ran before and after.

    Args:
        name: of the job.
        before, after: how it went; None where it did not run.
    """

    name: str
    before: JobResult | None
    after: JobResult | None

    @property
    def is_same(self) -> bool:
        """Whether it ended the same way with the same answer."""
        return _told(self.before) == _told(self.after)

    @property
    def is_worse(self) -> bool:
        """Whether it went well before and does not now."""
        return _is_done(self.before) and not _is_done(self.after)


def kept(desired: Desired, plan: Plan, impossible: Sequence[Impossible]) -> tuple[KeptObject, ...]:
    """Return what is as before: of each object the managed fields that the plan on the new version leaves alone."""
    changed = {change.address: change for change in plan.changes}
    lost = [what.reason.message for what in impossible]
    found = []
    for address, entry in desired.entries.items():
        if any(message.startswith(f"{address}:") for message in lost):
            continue
        change = changed.get(address)
        paths = {field.path for field in change.fields} if change else set()
        if change is None or change.action in _IN_PLACE:
            found.append(KeptObject(address, sum(path not in paths for path in entry.values)))
    # What `access_rules` cover and no entry describes has its access managed, and nothing else.
    found += [KeptObject(address, 1) for address in plan.unchanged if address not in desired.entries]
    return tuple(found)


def migrated(plan: Plan, noise: Plan) -> tuple[tuple[MigratedField, ...], tuple[MigratedObject, ...]]:
    """Return what the plan on the new version wants to change, and the one on the old version did not."""
    known = {(change.address, field.path) for change in noise.changes for field in change.fields}
    fields = tuple(
        MigratedField(change.address, field)
        for change in plan.changes
        if change.action in _IN_PLACE
        for field in change.fields
        if (change.address, field.path) not in known
    )
    objects = tuple(
        MigratedObject(change.address, change.action) for change in plan.changes if change.action is not Action.UPDATE
    )
    return fields, objects


def refused(result: RunResult, version: str) -> Iterator[Impossible]:
    """Yield what the new version refused when the manifests were applied to it."""
    for each in result.outcome.results:
        if each.error and each.status is not Status.SKIPPED:
            yield Impossible(version, _reason(each))


def unkept(changes: Iterable[Change], version: str) -> Iterator[Impossible]:
    """Yield what the new version does not keep: what a plan still wants to change right after an apply."""
    for change in changes:
        paths = ", ".join(field.path for field in change.fields)
        what = f"{change.address}: the server does not keep {paths or 'it'}" if change.fields else _gone(change)
        yield Impossible(version, Diagnostic(what, str(change.source) if change.source else None))


def unplannable(error: OwuiSyncError, version: str) -> Iterator[Impossible]:
    """Yield why there is no plan on the new version."""
    yield from (Impossible(version, problem) for problem in error.problems)


def answers(before: Sequence[JobResult], after: Sequence[JobResult]) -> tuple[ComparedAnswer, ...]:
    """Return the jobs with how they went on both versions."""
    one, other = ({job.name: job for job in jobs} for jobs in (before, after))
    return tuple(ComparedAnswer(name, one.get(name), other.get(name)) for name in dict.fromkeys([*one, *other]))


def _reason(result: Result) -> Diagnostic:
    error = result.error
    assert error is not None
    place = str(result.change.source) if result.change.source else error.request
    return Diagnostic(with_address(result.change.address, error.detail), place, error.hint)


def _gone(change: Change) -> str:
    return f"{change.address}: right after the apply, the plan still wants to {change.action} it"


def _is_done(result: JobResult | None) -> bool:
    return result is not None and result.status is Status.DONE


def _told(result: JobResult | None) -> tuple[Status, str] | None:
    return (result.status, result.answered.text) if result else None
