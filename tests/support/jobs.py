"""Short ways to make jobs and what came of them, for tests that need no server."""

from __future__ import annotations

from typing import Any

from owui_sync.apply.outcome import Failure, Status
from owui_sync.jobs.outcome import JobAnswer, JobResult, Verdict
from owui_sync.manifest.desired import Job
from owui_sync.plan.types import DueJob, JobRecord, JobState
from tests.support.build import HERE

CHAT = {"models": ["m"], "prompts": ["hi"]}


def job(name: str, **fields: Any) -> Job:
    """A job; what is not given is as it is when it is not written."""
    given: dict[str, Any] = {
        "type": "chat",
        "spec": CHAT,
        "run": "on-change",
        "needs": (),
        "title": name,
        "tags": (),
        "folder": None,
        "output": {},
        "expect": {},
        "retries": 0,
        "source": HERE,
    }
    return Job(name, **{**given, **fields})


def chat_job(name: str, output: dict[str, str] | None = None, **spec: Any) -> Job:
    """A chat with these keys."""
    return job(name, spec={**CHAT, **spec}, output=output or {})


def due(one: Job, reason: str = "never ran") -> DueJob:
    """A job that is due."""
    return DueJob(one, reason, {"its prompt": "p1"}, {"its output": "o1"})


def result(
    one: Job, status: Status = Status.DONE, *verdicts: Verdict, error: str = "", text: str = "The answer"
) -> JobResult:
    """How it went, in two seconds."""
    failed = Failure(error, hint="look at it") if error else None
    state = JobState.DONE if status is Status.DONE else JobState.FAILED
    record = None if status is Status.SKIPPED else JobRecord(state, "c1", finished_at="2026-01-02T03:04:05+00:00")
    answered = JobAnswer(text, ({"id": "k1", "name": "Handbook", "type": "collection", "files": []},), 42)
    url = "" if status is Status.SKIPPED else "https://chat.example.com/c/c1"
    return JobResult(due(one), status, record, url, answered, verdicts, (), 2.0, failed)
