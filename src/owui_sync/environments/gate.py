"""The gate of a pull request: what an apply of the manifests does, tried on a throwaway server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from owui_sync.apply.outcome import Status
from owui_sync.environments.base import Commit
from owui_sync.environments.checks import Check, Checked, Checklist, Ended, Tell
from owui_sync.environments.services import ANYWHERE
from owui_sync.environments.session import Session, failures
from owui_sync.environments.stand_ins import assumed, offered, unlike_live
from owui_sync.environments.throwaway import new_folder, throwaway
from owui_sync.errors import Diagnostic, OwuiSyncError, UnsafePlan
from owui_sync.jobs.outcome import JobResult
from owui_sync.manifest.desired import Desired
from owui_sync.plan.options import Options
from owui_sync.plan.safety import Threshold
from owui_sync.plan.types import Action, Change, Plan
from owui_sync.sandbox import Setup, offer_models


@dataclass(frozen=True, slots=True)
class Former:
    """The state that the change begins with.

    Args:
        commit: where it is from.
        read: gives its manifests, from the folder that the commit was written to; None where it has none.
    """

    commit: Commit
    read: Callable[[Path], Desired | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRequest:
    """What is to be tested.

    Args:
        read: gives the manifests, and how to plan them.
        version: gives the version of Open WebUI.
        setup: of the server.
        threshold: how much the change may delete; None: the default.
        former: the state before it; None: an empty server.
    """

    read: Callable[[], tuple[Desired, Options]]
    version: Callable[[], str]
    setup: Setup = field(default_factory=Setup)
    threshold: Threshold | None = None
    former: Former | None = None


@dataclass(slots=True)
class GateReport(Checked):
    """What came of a test; complete as far as the steps came.

    Args:
        checks: the steps.
        stack: of the manifests; empty if they could not be read.
        version: of the server; empty if none was chosen.
        base: the commit of the state before the change, in words; empty without one.
        review: the plan from the state before the change, where there is one.
        remaining: what a second plan still wants to change; None if there was none.
        jobs: those that ran.
        assumed: addresses of what the live server has to have, as no manifest makes it.
        warnings: of the manifests, and of the plan of the change.
    """

    checks: tuple[Check, ...] = ()
    stack: str = ""
    version: str = ""
    base: str = ""
    review: Plan | None = None
    remaining: Plan | None = None
    jobs: tuple[JobResult, ...] = ()
    assumed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def run_gate(request: GateRequest, tell: Tell) -> GateReport:
    """Test manifests on a throwaway server. What goes wrong is in the report, and raises nothing."""
    steps, report = Checklist(tell), GateReport()
    with suppress(Ended):
        _run(request, steps, report, tell)
    report.checks = tuple(steps.checks)
    return report


def _run(request: GateRequest, steps: Checklist, report: GateReport, tell: Tell) -> None:
    with steps.step("manifests") as step:
        desired, options = request.read()
        report.stack = desired.stack
        live = request.setup.live_endpoints
        report.assumed = assumed(desired, options.selection, None if live else ANYWHERE)
        report.warnings = (*map(str, desired.warnings), *unlike_live(desired, live=live))
        step.text = f"valid (objects: {len(desired.entries)}, jobs: {len(desired.jobs)})"
    with steps.step("version") as step:
        report.version = step.text = request.version()
    setup = replace(request.setup, models=(*request.setup.models, *offered(desired)))
    with ExitStack() as end:
        with steps.step("server") as step:
            sandbox = end.enter_context(throwaway("test", report.version, setup, tell))
            step.text = f"a throwaway Open WebUI {report.version} is up"
        asyncio.run(_on_server(request, Session(sandbox, options), desired, steps, report))


async def _on_server(
    request: GateRequest, session: Session, desired: Desired, steps: Checklist, report: GateReport
) -> None:
    if request.former:
        await _from_former(request, request.former, session, desired, steps, report)
    with steps.step("apply") as step:
        result = await session.apply(desired)
        step.text = f"{result.outcome.count(Status.DONE)} changed, {len(result.outcome.plan.unchanged)} unchanged"
        if result.exit_code:
            step.fail(failures(result), result.exit_code)
    if result.exit_code:
        return
    with steps.step("second plan") as step:
        report.remaining = await session.plan(desired)
        step.text = "empty" if report.remaining.empty else "not empty: the server does not keep what was applied"
        if not report.remaining.empty:
            step.fail([_left(change) for change in report.remaining.changes])
    await _jobs(request, session, desired, steps, report)


async def _from_former(
    request: GateRequest, former: Former, session: Session, desired: Desired, steps: Checklist, report: GateReport
) -> None:
    """Bring the server to the state before the change, and plan the change from there."""
    report.base = former.commit.words
    with steps.step("former state") as step:
        # A former state that is broken must not keep the change out that mends it.
        try:
            is_there = await _apply_former(former, session)
            if is_there:
                step.text = f"the manifests of {report.base} are applied"
            else:
                step.skip(f"{report.base} has no manifests here")
        except OwuiSyncError as error:
            step.skip(f"the manifests of {report.base} cannot be applied, so nothing is compared with them: {error}")
            return
    with steps.step("changes") as step:
        try:
            report.review = await session.plan(desired, request.threshold)
        except UnsafePlan as refused:
            step.fail(refused.problems, refused.exit_code)
            with suppress(UnsafePlan):
                report.review = await session.plan(desired)
        step.text = _counts(report.review) if report.review else "refused"
        if report.review:
            report.warnings += tuple(text for text in report.review.warnings if text not in report.warnings)


async def _apply_former(former: Former, session: Session) -> bool:
    folder = new_folder(session.sandbox, "base")
    former.commit.write(folder)
    desired = former.read(folder)
    if desired is None:
        return False
    offer_models(session.sandbox.name, offered(desired))
    await session.apply_whole(desired)
    return True


async def _jobs(request: GateRequest, session: Session, desired: Desired, steps: Checklist, report: GateReport) -> None:
    names = session.expecting(desired)
    if not names:
        return
    with steps.step("jobs") as step:
        result = await session.run_jobs(desired, names)
        report.jobs = tuple(result.jobs)
        done = sum(job.status is Status.DONE for job in report.jobs)
        step.text = f"{done} of {len(report.jobs)} as expected"
        if result.exit_code:
            is_real = bool(request.setup.forward)
            hint = None if is_real else "the scripted provider answered; --provider URL asks a real one"
            unmet = [replace(problem, hint=problem.hint or hint) for problem in failures(result)]
            step.fail(unmet, result.exit_code)


def _left(change: Change) -> Diagnostic:
    fields = ", ".join(field.path for field in change.fields)
    what = f"{change.action} {change.address}" + (f" ({fields})" if fields else "")
    return Diagnostic(what, str(change.source) if change.source else None)


def _counts(plan: Plan) -> str:
    counts = [f"{count} to {action}" for action in Action if (count := plan.count(action))]
    return ", ".join(counts) or "none"
