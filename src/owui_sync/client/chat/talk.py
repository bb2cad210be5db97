"""A conversation in a chat that is known by its title: found or made, and continued turn by turn."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from owui_sync.client.chat import find, history, passed_on
from owui_sync.client.chat.ask import ask
from owui_sync.client.chat.context import Context, context
from owui_sync.client.chat.extras import Extras, add_extras
from owui_sync.client.chat.known import known
from owui_sync.client.chat.turn import Answer, Turn
from owui_sync.client.silence import SILENCE
from owui_sync.client.writer import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationOptions:
    """What a conversation is to be like.

    Args:
        title: the title of the chat; the newest one of that title is continued.
        models: ids of the models.
        folder: name of the folder that the chat lies in.
        images: paths or URLs of images, given with the first question.
        files: paths of files to retrieve from.
        collections: names or ids of knowledge bases to retrieve from.
        tool_ids: tools that the models may call.
        tags: tags that the chat gets.
        auto_tags: whether a model finds tags.
        auto_title: whether a model finds another title.
        silence: seconds without anything new after which an answer is given up.
        task_model: the model that finds tags, titles and follow-ups; None for the one that answered.
    """

    title: str
    models: tuple[str, ...]
    folder: str | None = None
    images: Sequence[str] | None = None
    files: Sequence[str] | None = None
    collections: Sequence[str] | None = None
    tool_ids: Sequence[str] | None = None
    tags: Sequence[str] | None = None
    auto_tags: bool = False
    auto_title: bool = False
    silence: float = SILENCE
    task_model: str | None = None


@dataclass(slots=True)
class Conversation:
    """A conversation that goes on; made by `talk`."""

    writer: Writer
    wish: ConversationOptions
    chat_id: str
    given: Context
    parent_id: str | None

    async def ask(self, question: str) -> list[Answer]:
        """The answers to the next question, those that failed with their `error`."""
        answers = await ask(self.writer, self._turn(question))
        self._continue_after(answers)
        return answers

    async def stream(self, question: str) -> AsyncGenerator[str | Answer, None]:
        """The answer to the next question piece by piece, and then as a whole; only the first model is asked."""
        async with aclosing(passed_on.stream(self.writer, self._turn(question))) as pieces:
            async for piece in pieces:
                if isinstance(piece, Answer):
                    self._continue_after([piece])
                yield piece

    async def extras(self, answers: Sequence[Answer], *, follow_ups: bool = False, last: bool = True) -> Extras:
        """What the wish wants besides; tags and title only after the `last` turn."""
        return await add_extras(
            self.writer,
            answers,
            follow_ups=follow_ups,
            auto_tags=last and self.wish.auto_tags,
            auto_title=last and self.wish.auto_title,
            tags=(self.wish.tags or ()) if last else (),
            task_model=self.wish.task_model,
        )

    def _turn(self, question: str) -> Turn:
        return Turn(
            chat_id=self.chat_id,
            question=question,
            models=self.wish.models,
            parent_id=self.parent_id,
            files=self.given.files,
            images=self.given.images,
            tool_ids=tuple(self.wish.tool_ids or ()),
            silence=self.wish.silence,
        )

    def _continue_after(self, answers: Sequence[Answer]) -> None:
        self.parent_id = next((answer.message_id for answer in answers if not answer.error), self.parent_id)
        self.given = Context(self.given.files)


@asynccontextmanager
async def talk(writer: Writer, wish: ConversationOptions) -> AsyncIterator[Conversation]:
    """A conversation in the chat of that title; another one there begins when this one is over.

    All that is to be used is checked before anything is made.

    Requests: two to find the chat or to make it, three with a folder or two; those of `context`.

    Raises:
        Missing: a model, file, collection, tool or image is not there.
    """
    async with known(writer).turn(wish.title):
        given = await context(
            writer,
            wish.models,
            files=wish.files,
            collections=wish.collections,
            images=wish.images,
            tool_ids=wish.tool_ids,
        )
        row = await find.chat(writer, wish.title, wish.folder, models=list(wish.models))
        # The page sends the files of a chat with every question, and so do we.
        before = [file for file in row["chat"].get("files") or () if file.get("id") not in _ids(given)]
        yield Conversation(
            writer, wish, row["id"], Context((*before, *given.files), given.images), history.last_answer(row)
        )


def _ids(given: Context) -> set[Any]:
    return {file.get("id") for file in given.files}
