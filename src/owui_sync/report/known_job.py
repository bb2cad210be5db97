"""The document of a job as `owui-sync jobs` shows it."""

from __future__ import annotations

from owui_sync.manifest.desired import Job
from owui_sync.plan.types import JobRecord
from owui_sync.values import Json

_LAST = ("started_at", "finished_at", "seconds", "tokens", "chat_id", "error")


def known_job(job: Job, record: JobRecord | None, reason: str | None, url: str) -> Json:
    """Return a job as `owui-sync jobs` shows it.

    Args:
        record: its last run, None when it never ran.
        reason: why it is due; None when it is not.
        url: of the server.
    """
    head = {"name": job.name, "type": job.type, "run": job.run, "due": reason}
    if record is None:
        return {**head, "state": "never ran", **dict.fromkeys(_LAST), "chat_url": None}
    last = {name: getattr(record, name) or None for name in _LAST}
    return {
        **head,
        "state": record.state.value,
        **last,
        "chat_url": f"{url}/c/{record.chat_id}" if record.chat_id else None,
    }
