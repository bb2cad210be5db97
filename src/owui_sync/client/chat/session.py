"""Work of several steps in one chat: its state lies in the chat, and the ids of its messages follow from the step."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from owui_sync.client.api import completions
from owui_sync.client.chat import history, token_limit
from owui_sync.client.chat.ask import ask
from owui_sync.client.chat.document import ChatDocument
from owui_sync.client.chat.errors import AnswerFailed
from owui_sync.client.chat.turn import Answer, Turn
from owui_sync.client.chat.verdict import EMPTY, NO_ROOM
from owui_sync.client.chat.waiting import seconds_told
from owui_sync.client.errors import ApiError, Uncertain
from owui_sync.client.shapes import Row
from owui_sync.client.silence import SILENCE


class MessageIds(Protocol):
    """Ids of messages that follow from the chat or the run and the step: the same in every process."""

    def question(self, step: str) -> str:
        """Return the id of the user's message of a step."""

    def answer(self, step: str, number: int, attempt: int) -> str:
        """Return the id of an answer: of the model with that number and of that attempt, both counted from 0."""


@dataclass(slots=True, kw_only=True)
class ChatSession:
    """The work in one chat, by whichever process goes on with it.

    A step that was asked before is found in the chat by its ids and not asked a second time. The document is read when
    the session begins; afterwards each answer of the server tells what has become of it.

    Args:
        document: the chat.
        ids: how messages are called.
        retries: how often a step that failed is tried again.
        pause: seconds before the first of these tries, twice as many before each further one; more where the provider
            asks for more.
        silence: seconds without anything new after which an answer is given up.
        earlier: seconds that earlier processes took.
        tokens: tokens of all answers so far, those of earlier processes included once their steps were passed.
        aside: how many of them are of questions that the chat does not show.
        start: when this process began, by `time.monotonic`.
    """

    document: ChatDocument
    ids: MessageIds
    retries: int = 0
    pause: float = 0.0
    silence: float = SILENCE
    earlier: float = 0.0
    tokens: int = 0
    aside: int = 0
    start: float = field(default_factory=time.monotonic)
    _counted: set[str] = field(default_factory=set)

    @property
    def chat_id(self) -> str:
        """The chat's id."""
        return self.document.id

    @property
    def seconds(self) -> float:
        """How long the work has taken, in all its processes together."""
        return self.earlier + time.monotonic() - self.start

    def has_answer(self, step: str) -> bool:
        """Return whether a step of one model has a whole answer in the chat, or one that somebody works on."""
        messages = self.document.messages
        return self._answer_id(messages, step, 0) in messages

    async def ask(self, step: str, turn: Turn) -> list[Answer]:
        """Return the answers of a step: those that are there already, and new ones for the other models.

        A model that failed is asked again, and the page shows its attempts beside each other. Attempts of earlier
        processes that failed do not count, nor does one that was under way when this process came to it.

        Args:
            step: its name, from which the ids of its messages follow.
            turn: what is asked; its ids are put in here.

        Requests: those of the turn, for each attempt.

        Raises:
            AnswerFailed: a model has not answered in the end.
            ClientError: the turn could not be run at all.
        """
        turn = replace(turn, question_id=self.ids.question(step), silence=self.silence, again=True)
        left, pause, counts = self.retries + 1, self.pause, False
        while True:
            messages = self.document.messages
            ids = [self._answer_id(messages, step, number) for number in range(len(turn.models))]
            new = [id for id in ids if id not in messages]
            answers = await self._answers(turn, ids, len(new) == len(ids))
            self._count(answers)
            failed = next((answer for answer in answers if answer.error), None)
            if failed is None:
                return answers
            left -= bool(new) or counts
            if not left:
                failed.whole()
            counts = True
            await asyncio.sleep(max(pause, seconds_told(failed.error.reason if failed.error else "")))
            pause *= 2

    def _count(self, answers: Sequence[Answer]) -> None:
        """Add the tokens of answers that were not counted yet."""
        self.tokens += sum(answer.tokens for answer in answers if answer.message_id not in self._counted)
        self._counted.update(answer.message_id for answer in answers)

    async def _answers(self, turn: Turn, ids: Sequence[str], together: bool) -> list[Answer]:
        """Ask all models at once where none was asked yet, else one after the other."""
        if together:
            return await ask(self.document, replace(turn, answer_ids=tuple(ids)))
        answers = []
        for number, id in enumerate(ids):
            one = replace(turn, models=(turn.models[number],), among=turn.models, first=number, answer_ids=(id,))
            answers += await ask(self.document, one)
        return answers

    def _answer_id(self, messages: Mapping[str, Row], step: str, number: int) -> str:
        """Return the id of a model's answer: that of the first attempt that did not fail."""
        attempt = 0
        while (messages.get(id := self.ids.answer(step, number, attempt)) or {}).get("error"):
            attempt += 1
        return id

    async def ask_aside(self, model: str, messages: Sequence[Row]) -> Answer:
        """Return the answer to a question that the chat does not show. One request, more when it fails.

        Raises:
            AnswerFailed: the last attempt failed too, or the answer is empty.
        """
        body = {"model": model, "messages": list(messages), "params": {"function_calling": "legacy"}}
        left, pause = self.retries + 1, self.pause
        while True:
            left -= 1
            try:
                found = await completions.answer(self.document.writer, body, self.silence)
                answer = self._aside(model, found)
                if answer.text.strip():
                    return answer
                reason = history.plain(found.get("error") or (NO_ROOM if answer.at_limit else EMPTY))
            except ApiError as refused:
                reason = history.plain(refused.detail)
            except Uncertain as lost:  # Nothing is stored, so that it may be asked again.
                reason = lost.reason
            error = AnswerFailed(model, reason, chat_id=self.chat_id)
            if not left:
                raise error
            await asyncio.sleep(max(pause, seconds_told(reason)))
            pause *= 2

    def _aside(self, model: str, found: Row) -> Answer:
        """Return the answer in a document of the OpenAI API, and count its tokens."""
        answer = Answer(
            model=model,
            chat_id=self.chat_id,
            message_id="",
            text=completions.text_in(found),
            usage=found.get("usage") or {},
            at_limit=token_limit.is_limit(completions.choice_in(found).get("finish_reason")),
        )
        self.tokens += answer.tokens
        self.aside += answer.tokens
        return answer

    async def write_turn(self, step: str, turn: Turn, text: str, **keys: Any) -> str:
        """Write a turn that no model was asked for, and return the id of its answer. One request, or two."""
        turn = replace(turn, question_id=self.ids.question(step), answer_ids=(self.ids.answer(step, 0, 0),))
        [id] = turn.answer_ids
        written = {turn.question_id: history.question_message(turn)}
        written[id] = history.answer_message(turn, 0, content=text)
        await self.document.put_messages(written, id, models=list(turn.models), **keys)
        return id
