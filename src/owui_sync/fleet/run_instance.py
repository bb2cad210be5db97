"""`run_instance`: the one unit of work of a fleet, in whatever process or machine it is done."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from owui_sync.client.connect import connect_read_only
from owui_sync.client.reader import Reader
from owui_sync.errors import Diagnostic, OwuiSyncError
from owui_sync.fleet.changes import differences, digests_of, failures, jobs_failed
from owui_sync.fleet.last_run import last_run
from owui_sync.fleet.manifests import manifests_of, read_manifests
from owui_sync.fleet.plan_source import plan_options, source_of
from owui_sync.fleet.server import server_of
from owui_sync.fleet.unit import Command, InstanceReport, InstanceSpec, status_of
from owui_sync.pipeline import make_plan, run
from owui_sync.plan.file.document import PROBLEM, plan_document, unsavable
from owui_sync.plan.refusals import RefusedPlan
from owui_sync.plan.types import Plan
from owui_sync.run.options import RunOptions
from owui_sync.run.silent import SilentReporter

_log = logging.getLogger(__name__)


def _never() -> bool:
    return False


async def run_instance(spec: InstanceSpec, is_stopped: Callable[[], bool] = _never) -> InstanceReport:
    """Plan, change or look at one instance. Raises nothing but `CancelledError`: what goes wrong is in the report.

    Args:
        spec: what to do.
        is_stopped: asked before each change; once it says so, what is in flight is finished and recorded.
    """
    start, met = time.perf_counter(), list[Reader]()
    work = {Command.APPLY: _apply, Command.STATUS: _status}.get(spec.command, _plan)
    try:
        report = await work(spec, is_stopped, met)
    except RefusedPlan as error:
        refused = _report(spec, error.plan, [*error.plan.warnings], error.exit_code)
        report = replace(refused, problems=failed_by(spec, error).problems)
    except OwuiSyncError as error:
        report = failed_by(spec, error)
    except Exception as error:  # A mistake of ours in one instance must not end the others.
        _log.debug("internal error at %s", spec.name, exc_info=error)
        report = failed(spec, 1, [Diagnostic(f"internal error: {type(error).__name__}: {error}")])
    requests = max([report.requests, *(reader.requests for reader in met)])
    seconds = round(time.perf_counter() - start, 3)
    return replace(report, manifests=spec.manifests.digest, requests=requests, seconds=seconds)


def failed(spec: InstanceSpec, exit: int, problems: Iterable[Diagnostic]) -> InstanceReport:
    """Return the report of an instance that failed before there was a plan."""
    stack, documents = spec.target.stack or "", tuple(map(PROBLEM.dump, problems))
    return InstanceReport(spec.name, status_of(exit, 0), exit, spec.url, stack, problems=documents)


def failed_by(spec: InstanceSpec, error: OwuiSyncError) -> InstanceReport:
    """Return the report of an instance that an error ended before there was a plan."""
    return failed(spec, error.exit_code, error.problems)


async def _plan(spec: InstanceSpec, is_stopped: Callable[[], bool], met: list[Reader]) -> InstanceReport:
    desired = manifests_of(spec)
    async with connect_read_only(server_of(spec)) as reader:
        met.append(reader)
        plan, _ = await make_plan(desired, reader, plan_options(spec), spec.settings.threshold)
    plan = replace(plan, manifests=spec.manifests)
    report = _report(spec, plan, [*map(str, desired.warnings), *plan.warnings])
    if not spec.saves:
        return report
    if problems := unsavable(plan):
        raise OwuiSyncError.of(problems)
    return replace(report, plan=plan_document(plan))


async def _apply(spec: InstanceSpec, is_stopped: Callable[[], bool], met: list[Reader]) -> InstanceReport:
    settings, reporter = spec.settings, SilentReporter()
    options = RunOptions(
        server_of(spec),
        settings.lock_timeout,
        settings.parallelism,
        claim_stack=settings.options.claim,
        is_stopped=is_stopped,
    )
    result = await run(source_of(spec, met), options, reporter)
    outcome = result.outcome
    report = _report(spec, outcome.plan, reporter.warnings, result.exit_code)
    problems = [*failures(outcome), *jobs_failed(result.jobs)]
    if result.is_lock_lost:
        problems.append(Diagnostic("another run took the lock, so nothing more was started", hint="plan again"))
    if result.is_stopped:
        problems.append(
            Diagnostic("stopped: what was in flight was finished and recorded", hint="continue with --resume")
        )
    return replace(report, requests=outcome.requests, problems=tuple(map(PROBLEM.dump, problems)))


async def _status(spec: InstanceSpec, is_stopped: Callable[[], bool], met: list[Reader]) -> InstanceReport:
    stack = spec.target.stack or read_manifests(spec, lambda name: name).stack
    async with connect_read_only(server_of(spec)) as reader:
        met.append(reader)
        last = await last_run(reader, stack)
        version = str(reader.version or "")
        return InstanceReport(spec.name, status_of(0, 0), 0, spec.url, stack, version, last=last)


def _report(spec: InstanceSpec, plan: Plan, warnings: list[str], exit: int = 0) -> InstanceReport:
    shown, (digest, review_digest) = differences(plan), digests_of(plan)
    return InstanceReport(
        name=spec.name,
        status=status_of(exit, len(shown)),
        exit=exit,
        url=spec.url,
        stack=plan.stack,
        version=plan.server.version,
        requests=plan.requests,
        digest=digest,
        review_digest=review_digest,
        summary=_summary(plan),
        changes=tuple(shown),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _summary(plan: Plan) -> dict[str, int]:
    """Count the objects by what happens to them; what happens to none is left out."""
    counts: dict[str, int] = {}
    for change in plan.changes:
        counts[change.action.value] = counts.get(change.action.value, 0) + 1
    more = {"unchanged": len(plan.unchanged), "awaited": len(plan.awaited), "jobs": len(plan.jobs)}
    return {**counts, **{name: count for name, count in more.items() if count}}
