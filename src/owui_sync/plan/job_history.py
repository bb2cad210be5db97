"""What is remembered of the runs of jobs: in the inventory, and in the chat of each run.

A chat says which job it is a run of under `chat.meta.owui_job`, which survives all that people do in the page. The
document is a `JobRecord` with the stack and the name of the job. A clone or fork has it too, and is no run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from owui_sync.plan.inventory import Inventory, is_secret, job_record, job_row
from owui_sync.plan.types import DueJob, JobRecord, JobState
from owui_sync.values import digest

KEY = "owui_job"

_RUN = "owui_run"
"""Where research and tasks keep how far they are."""


def state_of(stack: str, name: str, record: JobRecord) -> dict[str, Any]:
    """Return what the chat of a run remembers of it, as it lies under `KEY`."""
    own = {name: value for name, value in job_row(record).items() if name != "chat_id"}
    return {"stack": stack, "job": name, **own}


def begun(due: Iterable[DueJob]) -> dict[str, JobRecord]:
    """Return what the inventory says of jobs that are about to run: where their chats are, or to look for them."""
    return {each.job.name: _begun(each) for each in due}


def _begun(due: DueJob) -> JobRecord:
    if due.last:
        return replace(due.last, state=JobState.RUNNING)
    return JobRecord(JobState.RUNNING, "", due.parts, due.then)


def claim_of(record: JobRecord | None) -> str:
    """Return a digest of what is known of the last run of a job: which one it is, and how it ended."""
    return digest(None if record is None else [record.chat_id, record.state])


def is_announced(inventory: Inventory, due: Iterable[DueJob]) -> bool:
    """Return whether the next run would know these jobs again if this one were killed, as the inventory is.

    Where there is none, the next run looks through all chats. It compares fingerprints of secrets only with those of
    the same inventory, so that jobs which draw on secrets need one.
    """
    if not inventory.serial:
        return not any(is_secret(part) for each in due for part in each.parts.values())
    known = inventory.jobs
    return all(_is_looked_for(known.get(name), record.chat_id) for name, record in begun(due).items())


def _is_looked_for(record: JobRecord | None, chat_id: str) -> bool:
    return record is not None and record.state is JobState.RUNNING and record.chat_id in ("", chat_id)


def run_of(row: Mapping[str, Any], stack: str) -> tuple[str, JobRecord] | None:
    """Return name and record of the job of `stack` that a chat is a run of; None for any other chat."""
    own = _meta(row).get(KEY)
    if not isinstance(own, Mapping) or own.get("stack") != stack or row["chat"].get("originalChatId"):
        return None
    try:
        record = replace(job_record(own), chat_id=str(row["id"]))
        reached = (_meta(row).get(_RUN) or {}).get("reached")
        return str(own["job"]), replace(record, step=f"the step after {reached}") if reached else record
    except (KeyError, TypeError, ValueError):
        return None


def _meta(row: Mapping[str, Any]) -> Mapping[str, Any]:
    meta = (row.get("chat") or {}).get("meta")
    return meta if isinstance(meta, Mapping) else {}
