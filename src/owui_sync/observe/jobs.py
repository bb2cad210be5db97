"""What the server knows of the last runs of jobs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from owui_sync.client.api import chat_export, chats
from owui_sync.client.concurrency import gather_or_cancel
from owui_sync.client.errors import NotFound
from owui_sync.client.reader import Reader
from owui_sync.manifest.desired import Job
from owui_sync.plan.inventory import Inventory
from owui_sync.plan.job_history import run_of
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import JobRecord, JobState


async def last_runs(reader: Reader, inventory: Inventory, jobs: Mapping[str, Job]) -> dict[str, JobRecord]:
    """Return name -> the last run of each job whose chat is still there.

    The inventory says which chat that is and what came of it; chats of runs that may have been interrupted say it
    better. Where it can say nothing (it was lost, or a run ended before the id of its chat was kept), all chats are
    looked through.

    Requests: none without jobs that ran, else one; one more for each run that was interrupted and each chat that was
    archived; one for all chats where the inventory says nothing.
    """
    known = {name: record for name, record in inventory.jobs.items() if name in jobs}
    lost = [name for name, record in known.items() if _is_lost(record, jobs[name])]
    if lost or (jobs and not inventory.serial):
        found = _newest(await chat_export.everything(reader), inventory.stack)
        known |= {name: record for name, record in found.items() if name in jobs}
        return {name: record for name, record in known.items() if name in found or not _has_chat(jobs[name])}
    return await _still_there(reader, inventory.stack, known)


def note_runs(snapshot: Snapshot, jobs: Iterable[str], runs: Mapping[str, JobRecord] | None) -> Snapshot:
    """Return the snapshot with the last runs in its inventory, where the server has no inventory yet.

    Whatever the first inventory is written for, its silence must not be taken for jobs that never ran.

    Args:
        snapshot: the server.
        jobs: names of all jobs of the manifests.
        runs: their last runs; None where nobody looked for them: then the inventory tells the next run to look.
    """
    if snapshot.inventory.serial:
        return snapshot
    known = {name: JobRecord(JobState.RUNNING) for name in jobs} if runs is None else runs
    return replace(snapshot, inventory=replace(snapshot.inventory, jobs=known))


def with_first_inventory(snapshot: Snapshot, planned: Inventory) -> Snapshot:
    """Return the snapshot with the inventory that the plan began, where the server still has none."""
    if snapshot.inventory.serial or planned.serial:
        return snapshot
    return replace(snapshot, inventory=planned.stored_in(*snapshot.inventory.files))


def _is_lost(record: JobRecord, job: Job) -> bool:
    return _has_chat(job) and not record.chat_id


def _has_chat(job: Job) -> bool:
    return job.type != "archive"


async def _still_there(reader: Reader, stack: str, known: Mapping[str, JobRecord]) -> dict[str, JobRecord]:
    listed = {row["id"] for row in await chats.titles(reader)} if any(r.chat_id for r in known.values()) else set()

    async def now(name: str, record: JobRecord) -> tuple[str, JobRecord | None]:
        if not record.chat_id or (record.chat_id in listed and record.state is not JobState.RUNNING):
            return name, record
        try:
            run = run_of(await chats.get(reader, record.chat_id), stack)
        except NotFound:
            return name, None
        return name, run[1] if run else record

    found = await gather_or_cancel(*(now(name, record) for name, record in known.items()))
    return {name: record for name, record in found if record}


def _newest(rows: Iterable[Mapping[str, object]], stack: str) -> dict[str, JobRecord]:
    runs = [run for row in rows if (run := run_of(row, stack))]
    return dict(sorted(runs, key=lambda run: run[1].started_at))
