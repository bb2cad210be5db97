"""A run: work of several steps in a chat of its own, and what the chat says of how far it is."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4, uuid5

from owui_sync.client.api import chats
from owui_sync.client.chat import find
from owui_sync.client.chat.document import ChatDocument
from owui_sync.client.chat.session import ChatSession
from owui_sync.client.chat.turn import Answer, Turn
from owui_sync.client.runs import RETRIES
from owui_sync.client.shapes import Row
from owui_sync.client.silence import SILENCE
from owui_sync.client.writer import Writer

KEY = "owui_run"
"""Where the state lies in the document of the chat: `meta.owui_run`."""

_PAUSE = 1.0
"""Seconds before a step that failed is tried again; twice as many each time."""

_UNDONE = ("running", "failed")
"""States of a run that is gone on with: it was interrupted, or a step failed that may not fail the next time."""


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


OnStep = Callable[[Event], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What every run can be told, whatever is to be done.

    Args:
        tool_ids: tools and tool servers that models may call.
        knowledge: names or ids of knowledge bases to retrieve from.
        retries: how often a step that failed is tried again.
        silence: seconds without anything new after which an answer is given up.
        folder: name of the folder that the chat lies in.
        tags: tags that the chat gets.
        id: id of the run, from which those of its messages follow; None makes one up.
        document: a chat that was made for it; title and folder are those of that chat.
    """

    tool_ids: tuple[str, ...] = ()
    knowledge: tuple[str, ...] = ()
    retries: int = RETRIES
    silence: float = SILENCE
    folder: str | None = None
    tags: tuple[str, ...] = ()
    id: str | None = None
    document: ChatDocument | None = None


@dataclass(frozen=True, slots=True)
class RunIds:
    """Ids of messages that follow from the run's own id and the step."""

    run: UUID

    def question(self, step: str) -> str:
        """Return the id of the user's message of a step."""
        return str(uuid5(self.run, f"{step}/question"))

    def answer(self, step: str, number: int, attempt: int) -> str:
        """Return the id of an answer of that attempt, counted from 0; each step asks one model."""
        return str(uuid5(self.run, f"{step}/answer/{attempt}"))


@dataclass(slots=True)
class Run:
    """A run that goes on; made by `begin`.

    Attributes:
        session: the work in its chat.
        state: what it has reached; kept in the chat by `save`.
        on_step: told what happens.
        parent_id: the answer that the next step follows.
    """

    session: ChatSession
    state: dict[str, Any]
    on_step: OnStep
    parent_id: str | None = None

    @property
    def chat_id(self) -> str:
        """Its chat."""
        return self.session.chat_id

    @property
    def is_done(self) -> bool:
        """Whether an earlier process has brought it to its end."""
        return self.state.get("state") == "done"

    async def tell(self, step: str, words: str, done: bool = False) -> None:
        """Tell `on_step` what happens, and wait for it where it is a coroutine function."""
        told = self.on_step(Event(step, words, done, self.session.tokens))
        if inspect.isawaitable(told):
            await told

    async def save(self, **changes: Any) -> None:
        """Change the state, in the chat too. One request."""
        await self.session.document.remember(KEY, self._changed(changes))

    def saved(self, **changes: Any) -> dict[str, Any]:
        """Change the state, and return `chat.meta` for a write that is made anyway."""
        return self.session.document.meta_with(KEY, self._changed(changes))

    def _changed(self, changes: dict[str, Any]) -> dict[str, Any]:
        self.state.update(changes, seconds=round(self.session.seconds, 1), aside=self.session.aside)
        return self.state

    async def ask(self, step: str, question: str, model: str, **more: Any) -> Answer:
        """Ask one visible question, which follows the last answer. Requests: as `ChatSession.ask`.

        Raises:
            AnswerFailed: the last attempt failed too.
        """
        answer = await self.ask_below(self.parent_id, step, question, model, **more)
        self.parent_id = answer.message_id
        return answer

    async def ask_below(self, parent_id: str | None, step: str, question: str, model: str, **more: Any) -> Answer:
        """Ask one visible question below a message; the model gets that one and all before it. As `ask`."""
        turn = replace(self._turn(question, model, **more), parent_id=parent_id)
        [answer] = await self.session.ask(step, turn)
        return answer

    async def line_up(self, first: str, answers: Sequence[str], **changes: Any) -> None:
        """Put questions with their answers one after the other in the chat, and change the state.

        One request, before `Feature.HISTORY_MERGED` two; none where there is nothing to change.

        Args:
            first: the message that the first question follows.
            answers: ids of the answers, in the order that the page is to show.
            changes: as for `save`.
        """
        moved = self.out_of_line(first, answers)
        if moved:
            await self.session.document.put_messages(moved, answers[-1], meta=self.saved(**changes))
        elif changes:
            await self.save(**changes)

    def out_of_line(self, first: str, answers: Sequence[str]) -> dict[str, Row]:
        """Return the questions that do not follow the answer before theirs, as they are when they do; by id."""
        messages, moved, before = self.session.document.messages, dict[str, Row](), first
        for answer_id in answers:
            question = messages.get((messages.get(answer_id) or {}).get("parentId") or "")
            if question and question.get("parentId") != before:
                moved[question["id"]] = {**question, "parentId": before}
            before = answer_id if question else before
        return moved

    async def write_turn(self, step: str, question: str, text: str, model: str) -> None:
        """Write a turn that no model was asked for, with the state as it is by now. One request, or two."""
        self.parent_id = await self.session.write_turn(step, self._turn(question, model), text, meta=self.saved())

    def _turn(self, question: str, model: str, **more: Any) -> Turn:
        return Turn(chat_id=self.chat_id, question=question, models=(model,), parent_id=self.parent_id, **more)

    async def add_tags(self, tags: Iterable[str]) -> None:
        """Give the chat these tags. One request for each."""
        for tag in tags:
            await chats.add_tag(self.session.document.writer, self.chat_id, tag)

    async def show(self, message_id: str, words: str, done: bool) -> None:
        """Show a line of status at a message, live in pages that are open. One request."""
        await self._emit(message_id, "status", {"description": words, "done": done})

    async def reload(self, message_id: str) -> None:
        """Make pages that are open show what was written. One request."""
        await self._emit(message_id, "chat:reload", {})

    async def _emit(self, message_id: str, kind: str, data: dict[str, Any]) -> None:
        await self.session.document.emit(message_id, kind, data)


async def begin(writer: Writer, kind: str, title: str, key: str, options: RunOptions, on_step: OnStep) -> Run:
    """Return a run that was interrupted or failed, or a new one in a chat of its own.

    Args:
        writer: the client.
        kind: such as `research`.
        title: the title of the chat.
        key: what is to be done; only a run with the same key is gone on with.
        options: its `folder` is for a new chat, its `id` for a new run. In its `document` the run is gone on with
            whatever became of it, and its id is the chat's.
        on_step: told what happens.

    Requests: none with a document. Else two, three with a folder or two.
    """
    document = options.document
    found = document or await _titled(writer, title)
    state = dict(found.meta.get(KEY) or {}) if found else {}
    is_same = (state.get("kind"), state.get("key")) == (kind, key)
    if not found or not is_same or (not document and state.get("state") not in _UNDONE):
        id = options.id or (document.id if document else str(uuid4()))
        state = {"kind": kind, "key": key, "id": id, "state": "running"}
        found = document or await _made(writer, title, options.folder, state)
    session = ChatSession(
        document=found,
        ids=RunIds(UUID(state["id"])),
        retries=options.retries,
        pause=_PAUSE,
        silence=options.silence,
        earlier=float(state.get("seconds", 0)),
        tokens=int(state.get("aside", 0)),
        aside=int(state.get("aside", 0)),
    )
    return Run(session, state, on_step)


async def _titled(writer: Writer, title: str) -> ChatDocument | None:
    row = await find.chat_by_title(writer, title)
    return ChatDocument(writer, row) if row else None


async def _made(writer: Writer, title: str, folder: str | None, state: dict[str, Any]) -> ChatDocument:
    folder_id = await find.folder_for(writer, folder) if folder else None
    return ChatDocument(writer, await chats.create(writer, find.new_chat(title, meta={KEY: state}), folder_id))
