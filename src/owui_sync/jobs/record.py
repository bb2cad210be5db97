"""What the inventory says of jobs before and after they run, so that a kill at any moment loses nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from owui_sync.apply.context import RunContext
from owui_sync.apply.inventory import save
from owui_sync.apply.lock import taken
from owui_sync.jobs.outcome import JobResult
from owui_sync.observe.inventory import read_inventory, read_stacks
from owui_sync.plan.inventory import Inventory
from owui_sync.plan.types import DueJob, JobRecord, JobState


@dataclass(frozen=True, slots=True)
class Announced:
    """The inventory before the jobs were announced in it, and after."""

    before: Inventory
    after: Inventory


async def announce(context: RunContext, stack: str, due: Sequence[DueJob]) -> Announced:
    """Writes down which jobs are going to run. Requests: four, and those of `save`. Raises Locked."""
    if not await context.lock.held():
        raise taken(stack)
    stacks, _ = await read_stacks(context.writer)
    inventory, _ = await read_inventory(context.writer, stack, stacks.get(stack, []))
    jobs = {**inventory.jobs, **{each.job.name: _begun(each) for each in due}}
    return Announced(inventory, await save(context.writer, inventory, inventory.records, jobs))


def _begun(due: DueJob) -> JobRecord:
    if due.last:
        return replace(due.last, state=JobState.RUNNING)
    return JobRecord(JobState.RUNNING, "", due.parts, due.then)


async def record(context: RunContext, announced: Announced, results: Iterable[JobResult]) -> None:
    """Writes down how they ended; what was skipped is as it was before. Requests: one, and those of `save`.

    Raises:
        Locked: another run took the lock, and the inventory is its own by now.
    """
    inventory = announced.after
    jobs = dict(inventory.jobs)
    for result in results:
        known = result.record or announced.before.jobs.get(result.name)
        if known:
            jobs[result.name] = known
        else:
            jobs.pop(result.name, None)
    if not await context.lock.held():
        raise taken(inventory.stack)
    await save(context.writer, inventory, inventory.records, jobs)
