"""What a chat says of the job that it is a run of: `chat.meta.owui_job`, which survives all that people do in the page.

The document is a `JobRecord` with the stack and the name of the job. A clone or fork has it too, and is no run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from owui_sync.plan.inventory import job_record, job_row
from owui_sync.plan.types import JobRecord

KEY = "owui_job"

_RUN = "owui_run"
"""Where research and tasks keep how far they are."""


def state_of(stack: str, name: str, record: JobRecord) -> dict[str, Any]:
    """Return what the chat of a run remembers of it, as it lies under `KEY`."""
    own = {name: value for name, value in job_row(record).items() if name != "chat_id"}
    return {"stack": stack, "job": name, **own}


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
