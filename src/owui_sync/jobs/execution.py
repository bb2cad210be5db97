"""One job from its beginning to its end: its chat, its steps, its outputs, its verdicts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from owui_sync.apply.context import RunContext
from owui_sync.apply.outcome import Failure, Status
from owui_sync.apply.runner import failure
from owui_sync.client.api import chats
from owui_sync.client.chat.document import ChatDocument
from owui_sync.client.chat.extras import add_extras
from owui_sync.client.chat.turn import Answer
from owui_sync.jobs.archive import run_archive
from owui_sync.jobs.chat import run_chat
from owui_sync.jobs.context import id_of
from owui_sync.jobs.expect import verdicts
from owui_sync.jobs.outcome import JobAnswer, JobListener, JobResult, Verdict
from owui_sync.jobs.outputs import write_outputs
from owui_sync.jobs.research import NotApproved, run_research
from owui_sync.jobs.run import JobRun, Stopped, now, step_words
from owui_sync.jobs.spec import ArchiveSpec, ChatSpec, JobSpec, ResearchSpec, spec_of
from owui_sync.jobs.task import run_task
from owui_sync.kinds.names import IdIndex
from owui_sync.manifest.schema.jobs import AUTO
from owui_sync.plan.types import DueJob, JobState


@dataclass(slots=True)
class JobExecution:
    """The execution of one job.

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

    async def run(self) -> JobResult:
        """Return how it went. Never raises for a job that failed: the result says so."""
        start, spec = time.perf_counter(), spec_of(self.due.job)
        first = step_words(1, spec.questions) if isinstance(spec, ChatSpec) else ""
        run = JobRun.of(self.due, self.stack, self.context, self.listen, first)
        try:
            await self._answer(run, spec)
            state, error = await self._deliver(run)
        except Stopped as stop:
            return JobResult(self.due, Status.SKIPPED, run.record, error=failure(stop))
        except NotApproved as plan:
            self.answered, state, error = plan.answer, JobState.FAILED, failure(plan)
        except Exception as exception:
            state, error = JobState.FAILED, failure(exception)
        unrecorded = await self._finish(run, state, error)
        return JobResult(
            due=self.due,
            status=Status.DONE if state is JobState.DONE else Status.FAILED,
            record=run.record,
            chat_url=f"{self.context.writer.url}/c/{run.record.chat_id}" if run.record.chat_id else "",
            answered=self.answered,
            verdicts=self.verdicts,
            outputs=self.outputs,
            seconds=time.perf_counter() - start,
            error=error,
            unrecorded=unrecorded,
        )

    async def _answer(self, run: JobRun, spec: JobSpec) -> None:
        if isinstance(spec, ArchiveSpec):
            self.answered = await run_archive(run, spec, self.names)
            return
        document = await self._open(run, spec)
        if isinstance(spec, ChatSpec):
            self.answered, answers = await run_chat(run, document, spec, self.names)
        elif isinstance(spec, ResearchSpec):
            self.answered, answers = await run_research(run, document, spec)
        else:
            self.answered, answers = await run_task(run, document, spec)
        await self._label(document, answers)

    async def _open(self, run: JobRun, spec: JobSpec) -> ChatDocument:
        job = self.due.job
        folder = id_of(self.names, "folder", job.folder) if job.folder else None
        title = job.name if job.title == AUTO else job.title
        if not isinstance(spec, ChatSpec):
            return await run.open(folder, title=title)
        params = {**spec.params, **({"system": spec.system} if spec.system else {})}
        return await run.open(folder, title=title, models=list(spec.models), params=params)

    async def _label(self, document: ChatDocument, answers: Sequence[Answer]) -> None:
        """Give the chat its title and tags; what a model found on an earlier try of this run stays."""
        job, tagged = self.due.job, document.tags
        own = [tag for tag in job.tags if tag != AUTO and chats.tag_id(tag) not in tagged]
        auto_title = job.title == AUTO and document.row.get("title") == job.name
        auto_tags = AUTO in job.tags and not tagged
        await add_extras(document, answers, auto_title=auto_title, auto_tags=auto_tags, tags=own)

    async def _deliver(self, run: JobRun) -> tuple[JobState, Failure | None]:
        """Check the expectations and write the outputs. An answer that fails them is not written anywhere."""
        job = self.due.job
        self.verdicts = await verdicts(self.context.writer, job.expect, self.answered, run.seconds, self.names)
        unmet = [verdict for verdict in self.verdicts if not verdict.met]
        if unmet:
            words = "; ".join(f"{v.check} {v.wanted!r}: {v.reason or 'not met'}" for v in unmet)
            return JobState.UNMET, Failure(f"the answer is not as expected: {words}")
        async for output in write_outputs(self.context.writer, job, self.stack, self.answered.text, self.names):
            self.outputs = (*self.outputs, output)
        return JobState.DONE, None

    async def _finish(self, run: JobRun, state: JobState, error: Failure | None) -> Failure | None:
        """Let the chat remember how it ended; return why it could not be told, or None."""
        words, tokens = error.detail if error else "", self.answered.tokens or run.record.tokens
        try:
            await run.remember(state=state, finished_at=now(), error=words, tokens=tokens)
        except Exception as exception:
            return failure(exception)
        return None
