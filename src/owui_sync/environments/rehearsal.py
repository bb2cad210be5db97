"""The rehearsal of an upgrade: the same data under two versions of Open WebUI, and what that does to the manifests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from owui_sync.apply.outcome import Status
from owui_sync.client.versions import Version
from owui_sync.environments.checks import Check, Checked, Checklist, Ended, Tell
from owui_sync.environments.session import Session, failures
from owui_sync.environments.stand_ins import offered
from owui_sync.environments.throwaway import new_folder, throwaway
from owui_sync.environments.upgrade import (
    ComparedAnswer,
    Impossible,
    KeptObject,
    MigratedField,
    MigratedObject,
    answers,
    kept,
    migrated,
    refused,
    unkept,
    unplannable,
)
from owui_sync.errors import Diagnostic, OwuiSyncError, UsageError
from owui_sync.jobs.outcome import JobResult
from owui_sync.manifest.desired import Desired
from owui_sync.plan.options import Options
from owui_sync.plan.types import Plan
from owui_sync.run.result import JOB_FAILED
from owui_sync.sandbox import Setup, offer_models, restart
from owui_sync.sandbox.install import install

UPGRADE_SECONDS = 600.0
"""The server's migrations may take long where there is much data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalRequest:
    """What is to be rehearsed.

    Args:
        read: gives the manifests and how to plan them; None for an export.
        export: writes what the live server has to the folder that it is given, and reads that; None for manifests.
        former: gives the version in use.
        version: the new version.
        setup: of the server.
        jobs: run those that expect something of their answer, before and after.
    """

    read: Callable[[], tuple[Desired, Options]] | None = None
    export: Callable[[Path], tuple[Desired, Options]] | None = None
    former: Callable[[], str]
    version: str
    setup: Setup = field(default_factory=Setup)
    jobs: bool = True


@dataclass(slots=True)
class RehearsalReport(Checked):
    """What came of a rehearsal; complete as far as the steps came.

    Args:
        version: the new version.
        checks: the steps.
        former: the version in use; empty if it is not known.
        stack: of the manifests; empty if they could not be read.
        kept: what is as before.
        fields, objects: what the migration changed.
        impossible: what the new version does not do.
        answers: jobs before and after.
        notes: warnings that only the plan on the new version has.
        plan: that plan; None if there was none.
    """

    version: str
    checks: tuple[Check, ...] = ()
    former: str = ""
    stack: str = ""
    kept: tuple[KeptObject, ...] = ()
    fields: tuple[MigratedField, ...] = ()
    objects: tuple[MigratedObject, ...] = ()
    impossible: tuple[Impossible, ...] = ()
    answers: tuple[ComparedAnswer, ...] = ()
    notes: tuple[str, ...] = ()
    plan: Plan | None = None

    @property
    def is_complete(self) -> bool:
        """Whether the plan on the new version was made, so that the groups say something."""
        return self.plan is not None or bool(self.impossible)


def rehearse(request: RehearsalRequest, tell: Tell) -> RehearsalReport:
    """Rehearse an upgrade on a throwaway server. What goes wrong is in the report, and raises nothing."""
    steps, report = Checklist(tell), RehearsalReport(request.version)
    with suppress(Ended):
        _run(request, steps, report, tell)
    report.checks = tuple(steps.checks)
    return report


def _run(request: RehearsalRequest, steps: Checklist, report: RehearsalReport, tell: Tell) -> None:
    with steps.step("versions") as step:
        report.former = request.former()
        _check_order(report.former, report.version)
        for version in (report.former, report.version):
            install(version, tell)
        step.text = f"from {report.former} to {report.version}"
    manifests = _read(request.read, "manifests", steps, report) if request.read else None
    with ExitStack() as end:
        with steps.step("server") as step:
            sandbox = end.enter_context(throwaway("rehearse", report.former, request.setup, tell))
            step.text = f"a throwaway Open WebUI {report.former} is up"
        if manifests is None:
            folder = new_folder(sandbox, "export")
            manifests = _read(partial(_exported, request, folder), "export", steps, report)
        desired, options = manifests
        offer_models(sandbox.name, offered(desired))
        session = Session(sandbox, replace(options, jobs=options.jobs and request.jobs))
        before, noise = asyncio.run(_before(session, desired, steps))
        with steps.step("upgrade") as step:
            upgraded = restart(sandbox.name, version=report.version, deadline=UPGRADE_SECONDS, progress=tell)
            step.text = f"the same data is served by {report.version}"
        asyncio.run(_after(replace(session, sandbox=upgraded), desired, steps, report, (before, noise)))


def _exported(request: RehearsalRequest, folder: Path) -> tuple[Desired, Options]:
    if request.export is None:
        raise UsageError("there are neither manifests nor a live server to rehearse with")
    return request.export(folder)


def _read(
    read: Callable[[], tuple[Desired, Options]], name: str, steps: Checklist, report: RehearsalReport
) -> tuple[Desired, Options]:
    with steps.step(name) as step:
        desired, options = read()
        report.stack = desired.stack
        step.text = f"valid (objects: {len(desired.entries)}, jobs: {len(desired.jobs)})"
    return desired, options


def _check_order(former: str, version: str) -> None:
    try:
        one, other = Version.parse(former), Version.parse(version)
    except ValueError as error:
        raise UsageError(str(error), hint="such as 0.12.4") from None
    if not one < other:
        raise UsageError(
            f"Open WebUI {version} is not newer than {former}, the version in use",
            hint="data that a newer version has written cannot be served by an older one",
        )


async def _before(session: Session, desired: Desired, steps: Checklist) -> tuple[tuple[JobResult, ...], Plan]:
    """Apply the manifests to the version in use; return the jobs, and what a plan wants to change even there."""
    with steps.step("apply before") as step:
        result = await session.apply_whole(desired)
        noise = await session.plan(desired)
        step.text = f"{result.outcome.count(Status.DONE)} changed" + ("" if noise.empty else "; a plan is not empty")
    return await _jobs(session, desired, steps, "jobs before"), noise


async def _after(
    session: Session,
    desired: Desired,
    steps: Checklist,
    report: RehearsalReport,
    known: tuple[tuple[JobResult, ...], Plan],
) -> None:
    before, noise = known
    with steps.step("plan after") as step:
        try:
            report.plan = await session.plan(desired)
        except OwuiSyncError as error:
            if error.exit_code != OwuiSyncError.exit_code:
                raise
            report.impossible = tuple(unplannable(error, report.version))
            step.fail(error.problems)
            return
        report.fields, report.objects = migrated(report.plan, noise)
        report.notes = tuple(text for text in report.plan.warnings if text not in noise.warnings)
        step.text = f"the migration changed {len(report.fields)} fields and {len(report.objects)} objects"
    await _settle(session, desired, steps, report, noise)
    after = await _jobs(session, desired, steps, "jobs after")
    report.answers = answers(before, after)
    if report.answers:
        with steps.step("answers") as step:
            same = sum(answer.is_same for answer in report.answers)
            step.text = f"{same} of {len(report.answers)} are the same"
            if worse := [answer for answer in report.answers if answer.is_worse]:
                step.fail(
                    [Diagnostic(f"job/{each.name} went well before, and does not now") for each in worse], JOB_FAILED
                )


async def _settle(session: Session, desired: Desired, steps: Checklist, report: RehearsalReport, noise: Plan) -> None:
    """Apply the manifests to the new version; what it does not do or keep is no longer possible."""
    assert report.plan is not None
    with steps.step("apply after") as step:
        result = await session.apply(desired)
        lost = [*refused(result, report.version)]
        remaining = await session.plan(desired)
        left = {each.address for some in migrated(remaining, noise) for each in some}
        lost += [] if lost else unkept((each for each in remaining.changes if each.address in left), report.version)
        report.impossible = tuple(lost)
        report.fields = tuple(replace(each, settled=each.address not in left) for each in report.fields)
        report.objects = tuple(replace(each, settled=each.address not in left) for each in report.objects)
        report.kept = kept(desired, report.plan, report.impossible)
        step.text = f"{result.outcome.count(Status.DONE)} changed, then the plan is " + (
            "not empty" if left else "empty"
        )
        if lost:
            step.fail([what.reason for what in lost])
        elif result.exit_code:
            step.fail(failures(result), result.exit_code)


async def _jobs(session: Session, desired: Desired, steps: Checklist, name: str) -> tuple[JobResult, ...]:
    names = session.expecting(desired)
    if not names:
        return ()
    with steps.step(name) as step:
        result = await session.run_jobs(desired, names)
        done = sum(job.status is Status.DONE for job in result.jobs)
        step.text = f"{done} of {len(result.jobs)} as expected"
    return tuple(result.jobs)
