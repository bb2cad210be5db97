"""The way from manifests to a changed server, step by step: the page to read first.

    manifests ─▶ Desired ─┐
    server ────▶ Snapshot ┴▶ Plan ─▶ Outcome ─▶ jobs

`run` is what `apply`, `destroy` and `run` do. `plan` does no more than `make_plan`, with a client that cannot write.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

from owui_sync import __version__
from owui_sync.apply.context import RunContext
from owui_sync.apply.journal import announce, record
from owui_sync.apply.outcome import Failure, Listener, Outcome, Status
from owui_sync.apply.preconditions import verify_jobs, verify_preconditions
from owui_sync.apply.rivals import find_rivals
from owui_sync.apply.runner import Runner
from owui_sync.client.reader import Reader
from owui_sync.jobs.outcome import JobResult
from owui_sync.jobs.runner import run_jobs
from owui_sync.manifest.desired import Desired
from owui_sync.observe import observe
from owui_sync.observe.cautions import cautions
from owui_sync.observe.details import complete
from owui_sync.observe.hidden import hidden_from
from owui_sync.observe.instance import account_of
from owui_sync.observe.jobs import last_runs, note_runs, with_first_inventory
from owui_sync.plan import planner, refresh_policy
from owui_sync.plan.drift import drift_of
from owui_sync.plan.jobs import add_due_jobs
from owui_sync.plan.lockout import may_lock_out
from owui_sync.plan.moves import moves_of, rename_in_snapshot
from owui_sync.plan.options import Options
from owui_sync.plan.owners import depends_on_account
from owui_sync.plan.refusals import check_refusals
from owui_sync.plan.rules import expand_access_rules
from owui_sync.plan.safety import Threshold, too_many_deletes
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Plan
from owui_sync.plan.unmatched import warn_of_unmatched
from owui_sync.resolve.graph import wanted
from owui_sync.resolve.jobs import wanted_by_jobs
from owui_sync.run.confirmation import check_digest, confirm, ensure_held, showing_refused
from owui_sync.run.interfaces import PlanSource, RunReporter
from owui_sync.run.options import RunOptions
from owui_sync.run.result import RunResult
from owui_sync.run.session import Session


async def run(source: PlanSource, options: RunOptions, reporter: RunReporter) -> RunResult:
    """Change a server: lock the stack, plan, show, ask, apply, run the jobs, report.

    Nothing is written before the stack is locked, and nothing is changed that the plan did not show.

    Args:
        source: gives the plan.
        options: how the run is carried out.
        reporter: shows the plan, the progress and the result.

    Raises:
        OwuiSyncError: nothing was changed, unless it says so. What fails later is part of the result.
    """
    session = Session(source.stack, options, reporter)
    async with session.open() as (writer, lock):
        with showing_refused(source, reporter):
            plan, snapshot, warnings = await source.prepare(writer)
        if source.shows_plan:
            reporter.preview_plan(plan, asks=options.ask is not None)
        reporter.warn(warnings)
        check_digest(plan, options.expect_digest)
        if confirm(plan, options):  # A person took their time; what they saw must still be so.
            await ensure_held(lock, plan.stack)
            snapshot = with_first_inventory(await check_plan(plan, writer), snapshot.inventory)
        start = time.perf_counter()
        with session.changing(writer, lock) as context:
            with reporter.change_progress(len(plan.changes)) as listen:
                outcome = await apply_plan(plan, snapshot, context, listen)
            applied = time.perf_counter()
            jobs = await run_due_jobs(plan, snapshot, outcome, context, reporter)
        seconds, total = applied - start, time.perf_counter() - start
        result = RunResult(outcome, jobs, seconds, total, context.is_stopped(), lock.lost)
        reporter.show_result(result)
        if result.exit_code == 0:
            await source.finish(writer)
        return result


async def make_plan(
    desired: Desired, reader: Reader, options: Options, threshold: Threshold | None = None
) -> tuple[Plan, Snapshot]:
    """Return what has to be changed, and the server as it was read for that. Cannot write.

    Raises:
        ManifestError: an entry cannot be planned.
        RefusedPlan: a rule of safety forbids the plan, which is part of the error.
    """
    named = {*desired.entries, *(name.address for name in desired.absent), *(move.before for move in desired.moved)}

    def claimed(address: str) -> bool:
        return address in named or (bool(desired.rules) and address.startswith("model/"))

    jobs = options.jobs_of(desired)
    want = wanted(desired)
    want |= wanted_by_jobs(jobs.values(), want)
    snapshot = await observe(reader, desired.stack, want, claimed)
    entries = expand_access_rules(desired, snapshot)
    written = {address: entry.values for address, entry in entries.items()}
    if may_lock_out(entries, desired.absent, snapshot) or depends_on_account(entries, snapshot):
        snapshot = replace(snapshot, account=await account_of(reader))
    snapshot = await complete(reader, snapshot, refresh_policy.for_planning(entries, named, snapshot), written)
    snapshot = warn_of_unmatched(snapshot, options.selection, {*named, *entries, *desired.job_addresses})
    plan = planner.make_plan(entries, desired.absent, snapshot, options, desired.moved, desired.rules)
    if options.drift_only:
        plan = drift_of(plan, snapshot.inventory.records)
    hidden = await hidden_from(reader, plan, snapshot, take_over=options.take_over)
    plan = replace(plan, refusals=(*plan.refusals, *hidden, *too_many_deletes(plan, threshold)))
    runs = await last_runs(reader, snapshot.inventory, desired.jobs if jobs else {})
    snapshot = note_runs(snapshot, desired.jobs, runs if jobs else None)
    plan = add_due_jobs(plan, desired, jobs, snapshot, runs, options.asked)
    plan = replace(plan, warnings=(*plan.warnings, *await cautions(reader, plan)))
    now = datetime.now(UTC).isoformat(timespec="seconds")
    plan = check_refusals(replace(plan, requests=reader.requests, created_at=now, tool=__version__))
    return plan, rename_in_snapshot(snapshot, moves_of(plan))


async def check_plan(plan: Plan, reader: Reader) -> Snapshot:
    """Read the server again. Raises StalePlan unless it is what the plan saw, as far as the plan touches it."""
    snapshot = await observe(reader, plan.stack, plan.want, lambda _: False)
    if plan.account is not None:
        snapshot = replace(snapshot, account=await account_of(reader))
    snapshot = await complete(reader, snapshot, refresh_policy.for_applying(plan, snapshot), {})
    snapshot = rename_in_snapshot(snapshot, moves_of(plan))
    verify_preconditions(plan, snapshot)
    verify_jobs(plan, await last_runs(reader, snapshot.inventory, {due.job.name: due.job for due in plan.jobs}))
    return snapshot


async def apply_plan(plan: Plan, snapshot: Snapshot, context: RunContext, listen: Listener) -> Outcome:
    """Make the changes of a plan and keep the inventory. The caller holds the stack's lock; see `Runner`."""
    inventory = await announce(context, plan, snapshot.inventory)
    rivals = await find_rivals(context.writer, plan)
    runner = Runner(plan, snapshot, context, listen, rivals)
    return await record(runner, inventory, await runner.run())


async def run_due_jobs(
    plan: Plan, snapshot: Snapshot, outcome: Outcome, context: RunContext, reporter: RunReporter
) -> tuple[JobResult, ...]:
    """Run the jobs of a plan; skip them all where a change before them was not made."""
    if not plan.jobs:
        return ()
    if context.is_stopped() or not outcome.complete or outcome.inventory is None:
        reason = Failure("not all changes were made before it")
        return tuple(JobResult(due, Status.SKIPPED, error=reason) for due in plan.jobs)
    with reporter.job_progress() as listen:
        return await run_jobs(plan, snapshot, outcome.inventory, context, listen)
