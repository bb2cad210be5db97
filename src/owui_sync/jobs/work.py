"""One job from its beginning to its end: its chat, its steps, its outputs, its verdicts."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from owui_sync.apply.context import RunContext
from owui_sync.apply.outcome import Failure, Status
from owui_sync.apply.runner import failure
from owui_sync.client.api import chats
from owui_sync.client.chat.extras import add_extras
from owui_sync.client.chat.find import new_chat
from owui_sync.client.chat.turn import Answer
from owui_sync.jobs.archive import run_archive
from owui_sync.jobs.chat import run_chat
from owui_sync.jobs.expect import verdicts
from owui_sync.jobs.given import id_of
from owui_sync.jobs.outcome import JobAnswer, JobListener, JobResult, Verdict
from owui_sync.jobs.outputs import write_outputs
from owui_sync.jobs.research import run_research
from owui_sync.jobs.run import Run, Stopped, now
from owui_sync.jobs.task import run_task
from owui_sync.kinds.names import IdIndex
from owui_sync.manifest.schema.jobs import AUTO
from owui_sync.plan.job_history import meta_of
from owui_sync.plan.types import DueJob, JobRecord, JobState

_TYPES: dict[str, Callable[[Run, IdIndex], Awaitable[tuple[JobAnswer, Sequence[Answer]]]]] = {
    "chat": run_chat,
    "research": run_research,
    "task": run_task,
}
"""What runs the steps of a type and gives the answer, with the messages that it stands in."""


@dataclass(slots=True)
class Work:
    """The work on one job.

    Args:
        due: the job.
        stack: its stack.
        names: ids behind names, after the changes were made.
        context: the run that it is a part of.
        listen: told of each step.
    """

    due: DueJob
    stack: str
    names: IdIndex
    context: RunContext
    listen: JobListener
    answered: JobAnswer = field(default_factory=JobAnswer)
    verdicts: tuple[Verdict, ...] = ()
    outputs: tuple[str, ...] = ()

    async def do(self) -> JobResult:
        """Never raises for a job that failed: the result says so."""
        run, start = None, time.perf_counter()
        try:
            run = await self._open()
            await self._answer(run)
            state, error = await self._use(run)
        except Stopped as stop:
            return JobResult(self.due, Status.SKIPPED, run.record if run else None, error=failure(stop))
        except Exception as exception:
            state, error = JobState.FAILED, failure(exception)
        record, unrecorded = await self._close(run, state, error)
        return JobResult(
            due=self.due,
            status=Status.DONE if state is JobState.DONE else Status.FAILED,
            record=record,
            chat_url=f"{self.context.writer.url}/c/{record.chat_id}" if record.chat_id else "",
            answered=self.answered,
            verdicts=self.verdicts,
            outputs=self.outputs,
            seconds=time.perf_counter() - start,
            error=error,
            unrecorded=unrecorded,
        )

    async def _open(self) -> Run:
        """The run that is gone on with, or a new one in a chat of its own."""
        job, last = self.due.job, self.due.last
        if last:
            record = replace(last, state=JobState.RUNNING, parts=self.due.parts, then=self.due.then, error="")
            return Run(self.due, self.stack, self.context, self.listen, record, before=last.seconds)
        record = JobRecord(JobState.RUNNING, "", self.due.parts, self.due.then, started_at=now())
        run = Run(self.due, self.stack, self.context, self.listen, record)
        if job.type == "archive":
            return run
        folder = id_of(self.names, "folder", job.folder) if job.folder else None
        meta = meta_of({}, self.stack, job.name, record)
        params = {**job.spec.get("params", {}), **({"system": s} if (s := job.spec.get("system")) else {})}
        document = new_chat(_title(run), models=job.spec.get("models", []), params=params, meta=meta)
        row = await chats.create(self.context.writer, document, folder)
        run.record = replace(record, chat_id=row["id"])
        return run

    async def _answer(self, run: Run) -> None:
        if self.due.job.type == "archive":
            self.answered = await run_archive(run, self.names)
            return
        self.answered, answers = await _TYPES[self.due.job.type](run, self.names)
        await self._dress(run, answers)

    async def _dress(self, run: Run, answers: Sequence[Answer]) -> None:
        """Title and tags; what a model found on an earlier try of this run stays."""
        job = self.due.job
        row = await chats.get(self.context.writer, run.chat_id)
        tagged = set((row.get("meta") or {}).get("tags") or ())
        own = [tag for tag in job.tags if tag != AUTO and tag.lower().replace(" ", "_") not in tagged]
        auto_title = job.title == AUTO and row.get("title") == job.name
        auto_tags = AUTO in job.tags and not tagged
        await add_extras(self.context.writer, answers, auto_title=auto_title, auto_tags=auto_tags, tags=own)

    async def _use(self, run: Run) -> tuple[JobState, Failure | None]:
        """Checks and hands on the answer: what is not as expected goes nowhere."""
        job = self.due.job
        self.verdicts = await verdicts(self.context.writer, job.expect, self.answered, run.seconds, self.names)
        unmet = [verdict for verdict in self.verdicts if not verdict.met]
        if unmet:
            words = "; ".join(f"{v.check} {v.wanted!r}: {v.reason or 'not met'}" for v in unmet)
            return JobState.UNMET, Failure(f"the answer is not as expected: {words}")
        async for output in write_outputs(self.context.writer, job, self.stack, self.answered.text, self.names):
            self.outputs = (*self.outputs, output)
        return JobState.DONE, None

    async def _close(self, run: Run | None, state: JobState, error: Failure | None) -> tuple[JobRecord, Failure | None]:
        """Lets the chat remember how it ended; what there is to remember, and why the chat could not be told."""
        words = error.detail if error else ""
        if run is None:
            return JobRecord(state, "", self.due.parts, self.due.then, finished_at=now(), error=words), None
        try:
            await run.remember(state=state, finished_at=now(), error=words)
        except Exception as exception:
            return run.record, failure(exception)
        return run.record, None


def _title(run: Run) -> str:
    job = run.due.job
    return job.name if job.title == AUTO else job.title
