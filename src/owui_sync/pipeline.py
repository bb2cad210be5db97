"""The way from manifests to a changed server, step by step: the page to read first.

manifests ─▶ Desired ─┐
server ────▶ Snapshot ┴▶ Plan ─▶ Outcome ─▶ jobs (`owui_sync.jobs.runner.run_jobs`)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from owui_sync import __version__
from owui_sync.apply.journal import Held, always_held, announce, record
from owui_sync.apply.outcome import Listener, Outcome
from owui_sync.apply.preconditions import verify_preconditions
from owui_sync.apply.rivals import find_rivals
from owui_sync.apply.runner import Runner
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.manifest.desired import Desired
from owui_sync.observe import observe
from owui_sync.observe.details import complete
from owui_sync.observe.hidden import check_hidden
from owui_sync.observe.instance import account_of
from owui_sync.observe.jobs import last_runs
from owui_sync.plan import planner, refresh_policy
from owui_sync.plan.jobs import add_due_jobs
from owui_sync.plan.lockout import may_lock_out
from owui_sync.plan.moves import moves_of, rename_in_snapshot
from owui_sync.plan.options import Options
from owui_sync.plan.owners import depends_on_account
from owui_sync.plan.rules import expand_access_rules
from owui_sync.plan.safety import Threshold, check_deletes
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Plan
from owui_sync.plan.unmatched import warn_of_unmatched
from owui_sync.resolve.graph import wanted
from owui_sync.resolve.jobs import wanted_by_jobs


async def make_plan(
    desired: Desired, reader: Reader, options: Options, threshold: Threshold | None = None
) -> tuple[Plan, Snapshot]:
    """What has to be changed, and the server as it was read for that. Cannot write."""
    named = {*desired.entries, *(name.address for name in desired.absent), *(move.before for move in desired.moved)}

    def claimed(address: str) -> bool:
        return address in named or (bool(desired.rules) and address.startswith("model/"))

    jobs = options.jobs_of(desired)
    snapshot = await observe(reader, desired.stack, wanted(desired) | wanted_by_jobs(jobs.values()), claimed)
    entries = expand_access_rules(desired, snapshot)
    written = {address: entry.values for address, entry in entries.items()}
    if may_lock_out(entries, desired.absent, snapshot) or depends_on_account(entries, snapshot):
        snapshot = replace(snapshot, account=await account_of(reader))
    snapshot = await complete(reader, snapshot, refresh_policy.for_planning(entries, named, snapshot), written)
    snapshot = warn_of_unmatched(snapshot, options.selection, {*named, *entries, *desired.job_addresses})
    plan = planner.make_plan(entries, desired.absent, snapshot, options, desired.moved, desired.rules)
    await check_hidden(reader, plan, snapshot, take_over=options.take_over)
    check_deletes(plan, threshold)
    runs = await last_runs(reader, snapshot.inventory, desired.jobs if jobs else {})
    plan = add_due_jobs(plan, desired, jobs, snapshot, runs, options.asked)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    plan = replace(plan, requests=reader.requests, created_at=now, tool=__version__)
    return plan, rename_in_snapshot(snapshot, moves_of(plan))


async def check_plan(plan: Plan, reader: Reader) -> Snapshot:
    """The server as it is now, which is what the plan saw as far as the plan touches it. Raises StalePlan if not."""
    snapshot = await observe(reader, plan.stack, plan.want, lambda _: False)
    if plan.account is not None:
        snapshot = replace(snapshot, account=await account_of(reader))
    snapshot = await complete(reader, snapshot, refresh_policy.for_applying(plan, snapshot), {})
    snapshot = rename_in_snapshot(snapshot, moves_of(plan))
    verify_preconditions(plan, snapshot)
    return snapshot


async def apply_plan(
    plan: Plan,
    snapshot: Snapshot,
    writer: Writer,
    *,
    parallelism: int,
    listen: Listener,
    stopped: Callable[[], bool],
    lost: Callable[[], bool],
    held: Held = always_held,
) -> Outcome:
    """Makes the changes of a plan and keeps the inventory. The caller holds the stack's lock; see `Runner`."""
    inventory = await announce(writer, plan, snapshot.inventory, held)
    rivals = await find_rivals(writer, plan)
    runner = Runner(plan, snapshot, writer, parallelism, listen, stopped, lost, rivals)
    return await record(runner, inventory, await runner.run(), held)
