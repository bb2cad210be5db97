"""One run of a job: the chat that it lies in, and what that chat remembers of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from owui_sync.apply.context import RunContext
from owui_sync.client.api import chats
from owui_sync.client.chat.document import ChatDocument
from owui_sync.client.chat.find import new_chat
from owui_sync.client.runs.run import Event, OnStep
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError
from owui_sync.jobs.outcome import JobListener, JobStep
from owui_sync.plan.job_history import KEY, state_of
from owui_sync.plan.types import DueJob, JobRecord, JobState

_NAMES = UUID("7d3c7a0e-6a4f-5d0b-9a55-2f1a3c1f6b11")


class Stopped(OwuiSyncError):
    """The user stopped the run between two steps of a job; the next one goes on there."""

    def __init__(self) -> None:
        super().__init__("stopped in the middle; the next run goes on where it was")


@dataclass(frozen=True, slots=True)
class JobIds:
    """Ids of the messages of a chat job, which follow from its chat and the step."""

    chat_id: str

    def question(self, step: str) -> str:
        """Return the id of the user's message of a step."""
        return self._id(step, "question")

    def answer(self, step: str, number: int, attempt: int) -> str:
        """Return the id of an answer; attempts are counted from 1 in it."""
        return self._id(step, number, attempt + 1)

    def _id(self, *words: object) -> str:
        return str(uuid5(_NAMES, ":".join(map(str, (self.chat_id, *words)))))


@dataclass(slots=True)
class JobRun:
    """A run that is going on.

    Args:
        due: the job.
        stack: its stack.
        context: the run that the job is a part of.
        listen: told of each step.
        record: what is remembered of it by now.
        document: its chat; None for a job without one, and until `open`.
        start: of this try, by `time.monotonic`.
    """

    due: DueJob
    stack: str
    context: RunContext
    listen: JobListener
    record: JobRecord
    document: ChatDocument | None = None
    start: float = field(default_factory=time.monotonic)
    _earlier: float = 0.0
    _kept: JobRecord | None = None

    @classmethod
    def of(cls, due: DueJob, stack: str, context: RunContext, listen: JobListener, step: str = "") -> JobRun:
        """Return the run of a job that goes on where the last one was, or a new one.

        Args:
            step: what a new run begins with.
        """
        last = due.last or JobRecord(JobState.RUNNING, step=step, started_at=now())
        record = replace(last, state=JobState.RUNNING, parts=due.parts, then=due.then, error="")
        return cls(due, stack, context, listen, record, _earlier=last.seconds)

    @property
    def writer(self) -> Writer:
        """The client."""
        return self.context.writer

    @property
    def seconds(self) -> float:
        """What it took so far, earlier tries included."""
        return self._earlier + time.monotonic() - self.start

    async def open(self, folder_id: str | None, **chat: Any) -> ChatDocument:
        """Return its chat: that of the last run, read once, or a new one that remembers the run. One request.

        Args:
            folder_id: the folder of a new chat.
            chat: more keys of the document of a new chat.
        """
        if self.record.chat_id:
            self.document = ChatDocument(self.writer, await chats.get(self.writer, self.record.chat_id))
            return self.document
        job = self.due.job
        meta = {KEY: state_of(self.stack, job.name, self.record)}
        row = await chats.create(self.writer, new_chat(meta=meta, **chat), folder_id)
        self.record = self._kept = replace(self.record, chat_id=row["id"])
        self.document = ChatDocument(self.writer, row)
        return self.document

    async def begin(self, step: str, number: int, total: int, model: str = "", tokens: int = 0) -> None:
        """Tell that a step begins, and let the chat remember it. One request, none where the chat knows.

        Raises:
            Stopped: the user stopped the run before it.
        """
        if self.context.stop_reason():
            if not self.context.lock.lost:
                await self.remember(tokens=tokens)
            raise Stopped
        self.listen(JobStep(self.due.job.name, step, number, total, model, tokens))
        words = step_words(number, total)
        if self._kept is None or self._kept.step != words:
            await self.remember(step=words, tokens=tokens)

    async def remember(self, **changes: Any) -> None:
        """Change what is remembered, in the chat too. One request, none for a job without a chat."""
        self.record = replace(self.record, seconds=round(self.seconds, 3), **changes)
        if self.document:
            await self.document.remember(KEY, state_of(self.stack, self.due.job.name, self.record))
            self._kept = self.record

    def on_step(self, total: int) -> OnStep:
        """Return what tells of the steps of a run of the client library, and stops between two of them.

        Args:
            total: how many steps there are at the most.
        """
        begun = 0

        def tell(event: Event) -> None:
            nonlocal begun
            if event.done:
                return
            if self.context.stop_reason():
                raise Stopped
            begun += 1
            words = f"{event.step}: {event.words}"
            self.listen(JobStep(self.due.job.name, words, begun, max(begun, total), "", event.tokens))

        return tell


def step_words(number: int, total: int) -> str:
    """Return how a step is remembered."""
    return f"step {number}" if total == 1 else f"step {number} of {total}"


def now() -> str:
    """Return the time, UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")
