"""`run_instance`: the one unit of work of a fleet, in whatever process or machine it is done."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from owui_sync.client.connect import PATIENCE, Server, connect_read_only, find_token
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError, StalePlan
from owui_sync.fleet.certificates import trusted
from owui_sync.fleet.changes import differences, drifted, failures, jobs_failed, review_digest
from owui_sync.fleet.last_run import last_run
from owui_sync.fleet.manifests import manifests_of, read_manifests, secrets_of
from owui_sync.fleet.outputs import OutputFiles
from owui_sync.fleet.reporter import KeepingReporter
from owui_sync.fleet.unit import Command, InstanceReport, InstanceSpec, status_of
from owui_sync.manifest.desired import Desired
from owui_sync.manifest.plan_inputs import plan_sources
from owui_sync.pipeline import make_plan, run
from owui_sync.plan.file.document import plan_document, unsavable
from owui_sync.plan.file.load import load_plan
from owui_sync.plan.file.reads import check_reads
from owui_sync.plan.options import Options
from owui_sync.plan.types import Plan
from owui_sync.resolve.select import Selection
from owui_sync.run.interfaces import PlanSource
from owui_sync.run.options import RunOptions
from owui_sync.run.sources import FileSource, ManifestSource, Prepared
from owui_sync.values import Json

_log = logging.getLogger(__name__)
_outputs = OutputFiles()


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
    except OwuiSyncError as error:
        report = failed(
            spec, error.exit_code, [_problem(each.message, each.where, each.hint) for each in error.problems]
        )
    except Exception as error:  # A mistake of ours in one instance must not end the others.
        _log.debug("internal error at %s", spec.name, exc_info=error)
        report = failed(spec, 1, [_problem(f"internal error: {type(error).__name__}: {error}")])
    requests = max([report.requests, *(reader.requests for reader in met)])
    seconds = round(time.perf_counter() - start, 3)
    return replace(report, manifests=spec.manifests.digest, requests=requests, seconds=seconds)


def failed(spec: InstanceSpec, exit: int, problems: list[Json]) -> InstanceReport:
    """Return the report of an instance that failed before there was a plan."""
    stack = spec.target.stack or ""
    return InstanceReport(spec.name, status_of(exit, 0), exit, spec.url, stack, problems=tuple(problems))


async def _plan(spec: InstanceSpec, is_stopped: Callable[[], bool], met: list[Reader]) -> InstanceReport:
    desired = manifests_of(spec)
    async with connect_read_only(server_of(spec)) as reader:
        met.append(reader)
        plan, _ = await make_plan(desired, reader, _options(spec), spec.settings.threshold)
    if spec.command is Command.DRIFT:
        plan = replace(plan, changes=tuple(filter(drifted, plan.changes)), jobs=())
    plan = replace(plan, manifests=spec.manifests)
    report = _report(spec, plan, [*map(str, desired.warnings), *plan.warnings])
    if not spec.saves:
        return report
    if problems := unsavable(plan):
        raise OwuiSyncError.of(problems)
    return replace(report, plan=plan_document(plan))


async def _apply(spec: InstanceSpec, is_stopped: Callable[[], bool], met: list[Reader]) -> InstanceReport:
    settings, reporter = spec.settings, KeepingReporter()
    source: PlanSource = (
        FileSource(_saved(spec, spec.saved))
        if spec.saved is not None
        else ReviewedSource(_writing(spec), _options(spec), settings.threshold, spec.expected, met)
    )
    options = RunOptions(
        server_of(spec),
        settings.lock_timeout,
        settings.parallelism,
        claim_stack=settings.options.claim,
        is_stopped=is_stopped,
    )
    result = await run(source, options, reporter)
    outcome = result.outcome
    report = _report(spec, outcome.plan, reporter.warnings, result.exit_code)
    problems = [*failures(outcome), *jobs_failed(result.jobs)]
    if result.is_lock_lost:
        problems.append(_problem("another run took the lock, so nothing more was started", hint="plan again"))
    if result.is_stopped:
        problems.append(
            _problem("stopped: what was in flight was finished and recorded", hint="continue with --resume")
        )
    return replace(report, requests=outcome.requests, problems=tuple(problems))


def _writing(spec: InstanceSpec) -> Desired:
    """Return the manifests of an instance whose jobs write no file that those of another one in this process wrote."""
    desired = manifests_of(spec)
    if spec.settings.options.jobs:
        _outputs.claim(spec.name, desired)
    return desired


@dataclass(frozen=True)
class ReviewedSource(ManifestSource):
    """A plan that is made now, and has to be the one that a person has seen.

    Args:
        expected: its review digest; None where nobody has seen one.
        met: gets the client, so that its requests are counted also where the run fails.
    """

    expected: str | None = None
    met: list[Reader] = field(default_factory=list)

    async def prepare(self, writer: Writer) -> Prepared:
        """Make the plan. Raises StalePlan if it is another one."""
        self.met.append(writer)
        prepared = await super().prepare(writer)
        if self.expected is not None and review_digest(differences(prepared[0])) != self.expected:
            raise StalePlan("the plan is not the one that was shown: the server changed since", hint="plan again")
        return prepared


def _saved(spec: InstanceSpec, document: Json) -> Plan:
    """Return a saved plan of this instance. Raises StalePlan if its manifests are not those that are here."""
    if document.get("manifests", {}).get("digest") != spec.manifests.digest:
        raise StalePlan("the manifests are not those that this plan was made of", hint="make the plans again")
    check_reads(document, read_manifests(spec, lambda name: name))
    return load_plan(document, plan_sources())


async def _status(spec: InstanceSpec, is_stopped: Callable[[], bool], met: list[Reader]) -> InstanceReport:
    stack = spec.target.stack or read_manifests(spec, lambda name: name).stack
    async with connect_read_only(server_of(spec)) as reader:
        met.append(reader)
        last = await last_run(reader, stack)
        version = str(reader.version or "")
        return InstanceReport(spec.name, status_of(0, 0), 0, spec.url, stack, version, last=last)


def _report(spec: InstanceSpec, plan: Plan, warnings: list[str], exit: int = 0) -> InstanceReport:
    shown = differences(plan)
    return InstanceReport(
        name=spec.name,
        status=status_of(exit, len(shown)),
        exit=exit,
        url=spec.url,
        stack=plan.stack,
        version=plan.server.version,
        requests=plan.requests,
        digest=plan_document(plan)["digest"] if shown else "",
        review_digest=review_digest(shown),
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


def _options(spec: InstanceSpec) -> Options:
    settings, target = spec.settings, spec.target
    within = Selection.parse(target.only, target.exclude)
    return replace(settings.options, selection=Selection.parse(settings.only, settings.exclude, within=within))


def server_of(spec: InstanceSpec) -> Server:
    """Return how to reach an instance. Raises OwuiSyncError where its token cannot be had."""
    settings = spec.settings
    known = spec.target.connection(secret=secrets_of(spec))
    token = known.token.reveal() if known.token else None
    optional: dict[str, Any] = {} if settings.rate is None else {"rate": settings.rate}
    return Server(
        url=spec.url,
        token=find_token(token, known.token_file, {}, ("`token` of the instance", "`token_file` of the instance")),
        timeout=settings.timeout or PATIENCE,
        connections=settings.parallelism,
        ca_bundle=trusted(spec.url, known.ca_bundle, settings.insecure),
        insecure=settings.insecure,
        wait=settings.wait,
        headers={name: value.reveal() for name, value in known.headers.items()},
        **optional,
    )


def _problem(message: str, where: str | None = None, hint: str | None = None) -> Json:
    return {"message": message, "where": where, "hint": hint}
