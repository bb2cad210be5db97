"""Runs the due jobs of a plan: those that others need first, a bounded number at a time, and on past failures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from owui_sync.apply.context import RunContext
from owui_sync.apply.outcome import Failure, Status
from owui_sync.apply.runner import failure
from owui_sync.client.chat.cache import forget_models
from owui_sync.errors import OwuiSyncError
from owui_sync.jobs.execution import JobExecution
from owui_sync.jobs.outcome import JobFinished, JobListener, JobResult
from owui_sync.jobs.record import announce, record
from owui_sync.kinds.names import IdIndex
from owui_sync.plan.inventory import Inventory
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import DueJob, Plan
from owui_sync.scheduler import run_graph


async def run_jobs(
    plan: Plan, snapshot: Snapshot, inventory: Inventory, context: RunContext, listen: JobListener
) -> tuple[JobResult, ...]:
    """Run the jobs of a plan whose changes were made. The caller holds the stack's lock; see `JobsRunner`.

    Where the inventory cannot be written before them, none is begun; where it cannot be written after them, what they
    gave is kept, and their chats know it.

    Args:
        plan: the plan.
        snapshot: the server as it was read for the plan, with the ids of what was made since.
        inventory: as it is on the server by now.
        context: the run that the jobs are a part of.
        listen: told of each step and each end.
    """
    if plan.changes:
        forget_models(context.writer)
    try:
        announced = await announce(context, inventory, plan.jobs)
    except OwuiSyncError as error:
        reason = failure(error)
        told = Failure(f"not begun, as that could not be written down before: {reason.detail}", hint=reason.hint)
        return tuple(JobResult(due, Status.SKIPPED, error=told, unrecorded=reason) for due in plan.jobs)
    results = await JobsRunner(plan.jobs, plan.stack, snapshot.names, context, listen).run()
    try:
        await record(context, snapshot.inventory.jobs, announced, results)
    except OwuiSyncError as error:
        return tuple(replace(result, unrecorded=result.unrecorded or failure(error)) for result in results)
    return results


@dataclass(slots=True)
class JobsRunner:
    """One run of the jobs of a plan.

    Args:
        due: the jobs; one that another needs and that is not among them has succeeded before.
        stack: their stack.
        names: ids behind names, after the changes were made.
        context: the run that they are a part of.
        listen: told of each step and each end.
    """

    due: Sequence[DueJob]
    stack: str
    names: IdIndex
    context: RunContext
    listen: JobListener
    results: dict[str, JobResult] = field(default_factory=dict)

    async def run(self) -> tuple[JobResult, ...]:
        """Return one result for each job, in their order. Never raises for a job that failed."""
        by_name = {due.job.name: due for due in self.due}
        graph = {name: [need for need in due.job.needs if need in by_name] for name, due in by_name.items()}

        async def work(name: str) -> None:
            result = await self._job(by_name[name])
            self.results[name] = result
            self.listen(JobFinished(result))

        await run_graph(graph, work, self.context.parallelism)
        return tuple(self.results[name] for name in by_name)

    async def _job(self, due: DueJob) -> JobResult:
        if reason := self._held_back(due):
            return JobResult(due, Status.SKIPPED, error=Failure(reason))
        return await JobExecution(due, self.stack, self.names, self.context, self.listen).run()

    def _held_back(self, due: DueJob) -> str | None:
        if reason := self.context.stop_reason():
            return reason
        bad = [name for name in due.job.needs if name in self.results and self.results[name].status is not Status.DONE]
        return f"it needs {', '.join(bad)}, which did not succeed" if bad else None
