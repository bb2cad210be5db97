"""The jobs of the manifests with their last runs, for whoever only wants to look."""

from __future__ import annotations

from owui_sync.client.reader import Reader
from owui_sync.manifest.desired import Desired, Job
from owui_sync.observe.inventory import read_inventory, read_stacks
from owui_sync.observe.jobs import last_runs
from owui_sync.plan.jobs import due
from owui_sync.plan.types import JobRecord


async def known_jobs(desired: Desired, reader: Reader) -> list[tuple[Job, JobRecord | None, str | None]]:
    """Return each job, its last run, and why it is due (None if not). Requests: three, and those of `last_runs`."""
    stacks, _ = await read_stacks(reader)
    inventory, _ = await read_inventory(reader, desired.stack, stacks.get(desired.stack, []))
    runs = await last_runs(reader, inventory, desired.jobs)

    def reason(job: Job) -> str | None:
        found = due(job, desired, inventory.salt, runs.get(job.name)) if job.run != "manual" else None
        return found.reason if found else None

    return [(job, runs.get(job.name), reason(job)) for job in desired.jobs.values()]
