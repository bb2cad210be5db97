"""What the inventory says of jobs before and after they run, so that a kill at any moment loses nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from owui_sync.apply.context import RunContext
from owui_sync.apply.inventory import save
from owui_sync.apply.lock import taken
from owui_sync.jobs.outcome import JobResult
from owui_sync.plan.inventory import Inventory
from owui_sync.plan.job_history import begun, is_announced
from owui_sync.plan.types import DueJob, JobRecord


async def announce(context: RunContext, inventory: Inventory, due: Sequence[DueJob]) -> Inventory:
    """Write down which jobs are going to run, where that is not known to the next run in any case.

    Requests: none where it is; else one or two, and those of `save`.

    Args:
        context: the run that the jobs are a part of.
        inventory: as it is on the server.
        due: the jobs.

    Raises:
        Locked: another run took the lock.
    """
    if is_announced(inventory, due):
        return inventory
    return await _save(context, inventory, {**inventory.jobs, **begun(due)})


async def record(
    context: RunContext, before: Mapping[str, JobRecord], announced: Inventory, results: Iterable[JobResult]
) -> None:
    """Write down how they ended; what was skipped is as it was before. Requests: as `announce`.

    Args:
        context: the run that the jobs are a part of.
        before: name -> the last run of a job, as it was before the jobs were announced.
        announced: the inventory since then.
        results: how they ended.

    Raises:
        Locked: another run took the lock, and the inventory is its own by now.
    """
    jobs = dict(announced.jobs)
    for result in results:
        known = result.record or before.get(result.name)
        if known:
            jobs[result.name] = known
        else:
            jobs.pop(result.name, None)
    await _save(context, announced, jobs)


async def _save(context: RunContext, inventory: Inventory, jobs: dict[str, JobRecord]) -> Inventory:
    if not await context.lock.held():
        raise taken(inventory.stack)
    return await save(context.writer, inventory, inventory.records, jobs)
