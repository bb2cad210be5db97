"""A run: its chat, its state in there, and its steps."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4, uuid5

from owui_sync.client.api import chats, completions
from owui_sync.client.chat import find, history
from owui_sync.client.chat.ask import ask
from owui_sync.client.chat.errors import AnswerFailed
from owui_sync.client.chat.turn import Answer, Turn
from owui_sync.client.errors import ApiError, ClientError
from owui_sync.client.shapes import Row
from owui_sync.client.silence import SILENCE
from owui_sync.client.writer import Writer

KEY = "owui_run"
"""Where the state lies in the document of the chat: `meta.owui_run`."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a run, for whoever shows its progress.

    Attributes:
        step: such as `plan`, `question 2`, `report`.
        words: what is done there, in one line.
        done: whether it is over.
        tokens: tokens of the whole run so far.
    """

    step: str
    words: str
    done: bool
    tokens: int


OnStep = Callable[[Event], None]


@dataclass(slots=True)
class Run:
    """A run that goes on; made by `begin`.

    Attributes:
        writer: the client.
        chat_id: its chat.
        id: the run's own id, from which those of its messages follow.
        state: what it has reached; kept in the chat by `save`.
        parent_id: the answer that the next step follows.
        tokens: tokens of all answers so far, those of an earlier process included.
        retries: how often a step that failed is tried again.
        silence: seconds without anything new after which an answer is given up.
        on_step: told what happens.
        resumed: whether an earlier process has worked on it.
    """

    writer: Writer
    chat_id: str
    id: str
    state: dict[str, Any]
    parent_id: str | None = None
    tokens: int = 0
    retries: int = 1
    silence: float = SILENCE
    on_step: OnStep = lambda event: None
    resumed: bool = False
    started: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """How long it has taken, in all its processes together."""
        return float(self.state.get("seconds", 0)) + time.monotonic() - self.started

    def message_id(self, *parts: object) -> str:
        """The id of a message of this run: the same in every process."""
        return str(uuid5(UUID(self.id), "/".join(map(str, parts))))

    def tell(self, step: str, words: str, done: bool = False) -> None:
        """Tell `on_step` what happens."""
        self.on_step(Event(step, words, done, self.tokens))

    async def save(self, **changes: Any) -> None:
        """Change the state, in the chat too. Two requests."""
        self.state.update(changes, seconds=round(self.seconds, 1))
        self.started = time.monotonic()
        row = await chats.get(self.writer, self.chat_id)
        meta = {**(row["chat"].get("meta") or {}), KEY: self.state}
        await chats.update(self.writer, self.chat_id, {"meta": meta})

    async def ask(self, step: str, question: str, model: str, **more: Any) -> Answer:
        """One visible turn; a failed one is tried again, and the page shows the attempts beside each other.

        Attempts of an earlier process that failed do not count.

        Raises:
            AnswerFailed: the last attempt failed too.
        """
        first = await self._first_attempt(step) if self.resumed else 0
        for attempt in range(first, first + self.retries + 1):
            turn = Turn(
                chat_id=self.chat_id,
                question=question,
                models=(model,),
                parent_id=self.parent_id,
                question_id=self.message_id(step, "question"),
                answer_ids=(self.message_id(step, "answer", attempt),),
                silence=self.silence,
                again=True,
                **more,
            )
            [answer] = await ask(self.writer, turn)
            self.tokens += answer.tokens
            if not answer.error:
                break
        answer.whole()
        self.parent_id = answer.message_id
        return answer

    async def _first_attempt(self, step: str) -> int:
        """The number of the first attempt at a step that has not failed. One request."""
        messages = history.messages_of(await chats.get(self.writer, self.chat_id))
        attempt = 0
        while (messages.get(self.message_id(step, "answer", attempt)) or {}).get("error"):
            attempt += 1
        return attempt

    async def ask_aside(self, model: str, messages: list[Row]) -> str:
        """The answer to a question that the chat does not show. One request, more when it fails.

        Raises:
            AnswerFailed: the last attempt failed too, or the answer is empty.
        """
        error: ClientError | None = None
        for _ in range(self.retries + 1):
            try:
                body = {"model": model, "messages": messages, "params": {"function_calling": "legacy"}}
                document = await completions.answer(self.writer, body, self.silence)
                self.tokens += int((document.get("usage") or {}).get("total_tokens") or 0)
                choices = document.get("choices") or [{}]
                if text := str((choices[0].get("message") or {}).get("content") or ""):
                    return text
                error = AnswerFailed(model, history.plain(document.get("error") or "the model answered nothing"))
            except ApiError as failed:
                error = AnswerFailed(model, history.plain(failed.detail), chat_id=self.chat_id)
        assert error
        raise error

    async def write_turn(self, step: str, question: str, text: str, model: str, **chat: Any) -> None:
        """A turn that no model was asked for: the state of the run as the page shows it. Two requests."""
        turn = Turn(
            chat_id=self.chat_id,
            question=question,
            models=(model,),
            parent_id=self.parent_id,
            question_id=self.message_id(step, "question"),
            answer_ids=(self.message_id(step, "answer", 0),),
        )
        [id] = turn.answer_ids
        written = {turn.question_id: history.question_message(turn)}
        written[id] = history.answer_message(turn, 0, content=text)
        row = await chats.get(self.writer, self.chat_id)
        meta = {**(row["chat"].get("meta") or {}), KEY: self.state}
        await chats.put_messages(self.writer, row, written, id, models=[model], meta=meta, **chat)
        self.parent_id = id

    async def show(self, message_id: str, words: str, done: bool) -> None:
        """Show a line of status at a message, live in pages that are open. One request."""
        await chats.emit(self.writer, self.chat_id, message_id, "status", {"description": words, "done": done})

    async def reload(self, message_id: str) -> None:
        """Make pages that are open show what was written. One request."""
        await chats.emit(self.writer, self.chat_id, message_id, "chat:reload", {})


async def begin(
    writer: Writer,
    kind: str,
    title: str,
    key: str,
    *,
    folder: str | None = None,
    id: str | None = None,
    chat_id: str | None = None,
    **more: Any,
) -> Run:
    """A run that was interrupted, or a new one in a chat of its own.

    Args:
        writer: the client.
        kind: such as `research`.
        title: the title of the chat.
        key: what is to be done; only a run with the same key is gone on with.
        folder: name of the folder of a new chat.
        id: the id of the run; an interrupted run has its own.
        chat_id: a chat that was made for it: one that failed there is gone on with, too.
        more: attributes of the `Run`.

    Requests: two, three with a folder or two.
    """
    row = await (chats.get(writer, chat_id) if chat_id else find.chat_by_title(writer, title))
    meta = (row or {}).get("chat", {}).get("meta") or {}
    state = meta.get(KEY) or {}
    unfinished = ("running", "failed") if chat_id else ("running",)
    if row and state.get("state") in unfinished and (state.get("kind"), state.get("key")) == (kind, key):
        return Run(writer, row["id"], state["id"], state, resumed=True, **more)
    state = {"kind": kind, "key": key, "id": id or str(uuid4()), "state": "running"}
    if chat_id:
        await chats.update(writer, chat_id, {"meta": {**meta, KEY: state}})
        return Run(writer, chat_id, state["id"], state, **more)
    folder_id = await find.folder_for(writer, folder) if folder else None
    row = await chats.create(writer, find.new_chat(title, meta={KEY: state}), folder_id)
    return Run(writer, row["id"], state["id"], state, **more)
