"""A conversation in a chat that is known by its title: found or made, and continued turn by turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from owui_sync.client.api import chats
from owui_sync.client.chat import find, history, streaming
from owui_sync.client.chat.ask import ask
from owui_sync.client.chat.cache import cache_for
from owui_sync.client.chat.context import ChatContext, build_context
from owui_sync.client.chat.document import ChatDocument
from owui_sync.client.chat.extras import Extras, add_extras
from owui_sync.client.chat.turn import Answer, Turn
from owui_sync.client.errors import ApiError
from owui_sync.client.silence import SILENCE
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError


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

    document: ChatDocument
    options: ConversationOptions
    context: ChatContext
    parent_id: str | None

    @property
    def chat_id(self) -> str:
        """The chat's id."""
        return self.document.id

    async def ask(self, question: str) -> list[Answer]:
        """Ask the next question, and return the answers; those that failed have an `error`."""
        answers = await ask(self.document, self._turn(question))
        self._continue_after(answers)
        return answers

    async def stream(self, question: str) -> AsyncGenerator[str | Answer, None]:
        """Ask the first model the next question; yield the answer piece by piece, and then as a whole."""
        async with aclosing(streaming.stream(self.document, self._turn(question))) as pieces:
            async for piece in pieces:
                if isinstance(piece, Answer):
                    self._continue_after([piece])
                yield piece

    async def extras(self, answers: Sequence[Answer], *, follow_ups: bool = False, last: bool = True) -> Extras:
        """Add what the options want besides answers; tags and title only after the `last` turn."""
        return await add_extras(
            self.document,
            answers,
            follow_ups=follow_ups,
            auto_tags=last and self.options.auto_tags,
            auto_title=last and self.options.auto_title,
            tags=(self.options.tags or ()) if last else (),
            task_model=self.options.task_model,
        )

    def _turn(self, question: str) -> Turn:
        return Turn(
            chat_id=self.chat_id,
            question=question,
            models=self.options.models,
            parent_id=self.parent_id,
            files=self.context.files,
            images=self.context.images,
            tool_ids=self.context.tool_ids,
            silence=self.options.silence,
        )

    def _continue_after(self, answers: Sequence[Answer]) -> None:
        self.parent_id = next((answer.message_id for answer in answers if not answer.error), self.parent_id)
        self.context = replace(self.context, images=())


@asynccontextmanager
async def talk(writer: Writer, options: ConversationOptions) -> AsyncIterator[Conversation]:
    """Open a conversation in the chat of that title; another one there begins when this one is over.

    All that is to be used is checked before anything is made. A chat that was made and that nothing was written to is
    deleted again.

    Requests: two to find the chat or to make it, three with a folder or two; those of `build_context`.

    Raises:
        Missing: a model, file, collection, tool or image is not there.
    """
    async with cache_for(writer).turn(options.title):
        context = await build_context(
            writer,
            options.models,
            files=options.files,
            collections=options.collections,
            images=options.images,
            tool_ids=options.tool_ids,
        )
        row, is_new = await find.chat(writer, options.title, options.folder, models=list(options.models))
        document = ChatDocument(writer, row)
        # The page sends the files of a chat with every question, and so do we.
        before = [file for file in document.files if file.get("id") not in _ids(context)]
        context = replace(context, files=(*before, *context.files))
        try:
            yield Conversation(document, options, context, history.last_answer(row))
        except BaseException as error:
            # What the server has taken it may still store, unless it was the server that refused it.
            if is_new and (not document.taken or isinstance(error, ApiError)):
                await _delete_if_empty(document)
            raise


async def _delete_if_empty(document: ChatDocument) -> None:
    with suppress(TimeoutError, OwuiSyncError):
        async with asyncio.timeout(find.PATIENCE):
            if not await document.read():
                await chats.delete(document.writer, document.id)


def _ids(context: ChatContext) -> set[Any]:
    return {file.get("id") for file in context.files}
