"""One run of a job: the chat that it lies in, and what that chat remembers of it.

The ids of messages follow from the chat and the step, so a step that was asked before is found again and not asked a
second time, whoever goes on with it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from owui_sync.apply.context import RunContext
from owui_sync.client.api import chats
from owui_sync.client.chat import history
from owui_sync.client.chat.ask import ask
from owui_sync.client.chat.turn import Answer, Turn
from owui_sync.client.shapes import Row
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError
from owui_sync.jobs.outcome import JobListener, JobStep
from owui_sync.plan.job_history import meta_of
from owui_sync.plan.types import DueJob, JobRecord

_NAMES = UUID("7d3c7a0e-6a4f-5d0b-9a55-2f1a3c1f6b11")
_PAUSE = 1.0
"""Seconds before a step is tried again; twice as many each time."""


class Stopped(OwuiSyncError):
    """The user stopped the run between two steps of a job; the next one goes on there."""

    def __init__(self) -> None:
        super().__init__("stopped in the middle; the next run goes on where it was")


@dataclass(slots=True)
class Run:
    """A run that is going on.

    Args:
        due: the job.
        stack: its stack.
        context: the run that the job is a part of.
        listen: told of each step.
        record: what is remembered of it by now.
        before: seconds that earlier tries of this run took.
        start: of this try, by `time.perf_counter`.
    """

    due: DueJob
    stack: str
    context: RunContext
    listen: JobListener
    record: JobRecord
    before: float = 0.0
    start: float = field(default_factory=time.perf_counter)

    @property
    def writer(self) -> Writer:
        """The client."""
        return self.context.writer

    @property
    def chat_id(self) -> str:
        """Its chat."""
        return self.record.chat_id

    @property
    def seconds(self) -> float:
        """What it took so far, earlier tries included."""
        return self.before + time.perf_counter() - self.start

    def id(self, *words: object) -> str:
        """The id of a message of this run: the same for the same words."""
        return str(uuid5(_NAMES, ":".join(map(str, (self.chat_id, *words)))))

    async def begin(self, step: str, number: int, total: int, model: str = "") -> None:
        """Tells that a step begins, and lets the chat remember it. Two requests. Raises Stopped."""
        if self.context.stop_reason():
            raise Stopped()
        name = self.due.job.name
        self.listen(JobStep(name, step, number, total, model, self.record.tokens))
        await self.remember(step=f"step {number}" if total == 1 else f"step {number} of {total}")

    async def remember(self, **changes: Any) -> None:
        """Changes what is remembered, in the chat too. Two requests, none for a job without a chat."""
        self.record = replace(self.record, seconds=round(self.seconds, 3), **changes)
        if self.chat_id:
            row = await chats.get(self.writer, self.chat_id)
            meta = meta_of(row, self.stack, self.due.job.name, self.record)
            await chats.update(self.writer, self.chat_id, {"meta": meta})

    async def messages(self) -> dict[str, Row]:
        """The messages of its chat by id. One request."""
        return history.messages_of(await chats.get(self.writer, self.chat_id))

    async def ask(self, words: Sequence[object], turn: Turn) -> list[Answer]:
        """The answers of a turn whose ids follow from `words`: those that are there, and new ones for the others.

        A model that failed is asked again, as often as the job allows; its answer stands beside the failed one.

        Requests: one, and those of the turn.

        Raises:
            AnswerFailed: a model has not answered in the end.
            ClientError: the turn could not be run at all.
        """
        tries = 1 + self.due.job.retries
        while True:
            messages = await self.messages()
            ids = [self._answer_id(messages, words, number) for number in range(len(turn.models))]
            new = [number for number, id in enumerate(ids) if id not in messages]
            answers = await self._ask(replace(turn, question_id=self.id(*words, "question")), ids, new)
            if not any(answer.error for answer in answers):
                return answers
            if new:
                tries -= 1
                if tries:
                    await asyncio.sleep(_PAUSE * 2 ** (self.due.job.retries - tries))
                else:
                    next(answer for answer in answers if answer.error).whole()

    async def _ask(self, turn: Turn, ids: Sequence[str], new: Sequence[int]) -> list[Answer]:
        """All models at once where none was asked yet; else one after the other."""
        if len(new) == len(turn.models):
            return await ask(self.writer, replace(turn, answer_ids=tuple(ids), again=True))
        answers = []
        for number, id in enumerate(ids):
            one = replace(turn, models=(turn.models[number],), among=turn.models, first=number, answer_ids=(id,))
            answers += await ask(self.writer, replace(one, again=True))
        return answers

    def _answer_id(self, messages: Row, words: Sequence[object], number: int) -> str:
        """The id of a model's answer: that of the first try that did not fail."""
        attempt = 1
        while (messages.get(id := self.id(*words, number, attempt)) or {}).get("error"):
            attempt += 1
        return id


def now() -> str:
    """UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")
