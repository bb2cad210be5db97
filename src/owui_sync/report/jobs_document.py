"""Jobs in documents: what a reader sees of them, what a saved plan needs beside that, and how they went."""

from __future__ import annotations

from typing import Any

from owui_sync.jobs.outcome import JobResult, Verdict
from owui_sync.manifest.desired import Job
from owui_sync.plan.inventory import job_record, job_row
from owui_sync.plan.types import DueJob, JobRecord
from owui_sync.report.document import error_document
from owui_sync.report.saved import Collector, damaged, position
from owui_sync.values import Json, encode

_LAST = ("started_at", "finished_at", "seconds", "tokens", "chat_id", "error")
_WRITTEN = ("run", "needs", "title", "tags", "folder", "output", "expect", "retries", "spec")


def shown_job(due: DueJob) -> Json:
    """What a reader sees of a job that is due."""
    job = due.job
    return {"name": job.name, "type": job.type, "reason": due.reason, "source": str(job.source)}


def saved_job(due: DueJob) -> Json:
    """A due job as a saved plan holds it: files by their digests."""
    last = job_row(due.last) if due.last else None
    kept = {"parts": dict(due.parts), "then": dict(due.then), "last": last}
    return shown_job(due) | {"written": written_job(due.job)} | kept


def written_job(job: Job) -> Json:
    """All that the manifests say of a job, files by their digests."""
    return {name: encode(_plain(getattr(job, name))) for name in _WRITTEN}


def read_job(saved: Json, collector: Collector) -> DueJob:
    """A due job of a saved plan; what is missing for its files is noted in `collector`."""
    written = {name: collector.value(value) for name, value in saved["written"].items()}
    job = Job(
        name=saved["name"],
        type=saved["type"],
        source=position(saved["source"]),
        **{**written, "needs": tuple(written["needs"]), "tags": tuple(written["tags"])},
    )
    try:
        last = job_record(saved["last"]) if saved["last"] else None
    except (TypeError, ValueError):
        raise damaged(f"$.jobs: {saved['name']}", "its last run is none") from None
    return DueJob(job, saved["reason"], saved["parts"], saved["then"], last)


def job_result(result: JobResult) -> Json:
    """How a job went."""
    record = result.record
    document: Json = shown_job(result.due) | {
        "status": result.status.value,
        "seconds": round(result.seconds, 3),
        "chat_id": (record.chat_id or None) if record else None,
        "chat_url": result.chat_url or None,
        "response": result.answered.text,
        "sources": [dict(source) for source in result.answered.sources],
        "usage": {"total_tokens": result.answered.tokens},
        "expect": [verdict_document(verdict) for verdict in result.verdicts],
        "outputs": list(result.outputs),
        "notes": list(result.answered.notes),
    }
    if result.error:
        document["error"] = error_document(result.error)
    if result.unrecorded:
        document["unrecorded"] = error_document(result.unrecorded)
    return document


def verdict_document(verdict: Verdict) -> Json:
    """An expectation, and whether it is met."""
    return {"check": verdict.check, "wanted": verdict.wanted, "met": verdict.met, "reason": verdict.reason}


def known_job(job: Job, record: JobRecord | None, reason: str | None, url: str) -> Json:
    """A job as `owui-sync jobs` shows it.

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


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
