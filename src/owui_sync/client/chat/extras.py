"""What the web page does after an answer: a title, tags, and questions that might follow."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from owui_sync.client.api import chats, tasks
from owui_sync.client.chat import history
from owui_sync.client.chat.document import ChatDocument
from owui_sync.client.chat.turn import Answer
from owui_sync.client.concurrency import gather_or_cancel
from owui_sync.client.errors import ClientError

log = logging.getLogger("owui_sync.client")

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """Which of them are wanted, and what came of them.

    Attributes:
        follow_ups: one list an answer, in their order; None where nothing came.
        tags: the tags, or None.
        title: the title, or None.
    """

    follow_ups: tuple[list[str] | None, ...] = ()
    tags: list[str] | None = None
    title: str | None = None


async def add_extras(
    document: ChatDocument,
    answers: Sequence[Answer],
    *,
    follow_ups: bool = False,
    auto_tags: bool = False,
    auto_title: bool = False,
    tags: Sequence[str] = (),
    task_model: str | None = None,
) -> Extras:
    """Let a model find a title, tags and follow-ups for a chat, and store them; give it own tags besides.

    A model that answers nonsense, or a task that is switched off, gives None: the answers are there all the same.

    Args:
        document: the chat after the last turn.
        answers: the answers of the last turn, of which one at least is whole.
        follow_ups: whether to find questions that might follow, for each whole answer.
        auto_tags: whether to find tags.
        auto_title: whether to find a title.
        tags: tags to give besides.
        task_model: the model that finds them; None for that of each answer.

    Requests: one for each tag; for the others one for each, one to store them, and one before that for follow-ups.
    """
    good = [answer for answer in answers if not answer.error]
    found = Extras()
    if good and (follow_ups or auto_tags or auto_title):
        found = await _found(document, answers, follow_ups, auto_tags, auto_title, task_model)
        await _store(document, answers, found)
    for tag in dict.fromkeys([*(found.tags or ()), *tags]):
        await chats.add_tag(document.writer, document.id, tag)
    return found


async def _found(
    document: ChatDocument,
    answers: Sequence[Answer],
    follow_ups: bool,
    auto_tags: bool,
    auto_title: bool,
    task_model: str | None,
) -> Extras:
    messages = document.messages
    first = next(answer for answer in answers if not answer.error)

    async def ask(wanted: bool, task: Callable[..., Awaitable[T]], answer: Answer) -> T | None:
        if not wanted or answer.error:
            return None
        talk = history.conversation(history.path_to(messages, answer.message_id))
        try:
            return await task(document.writer, task_model or answer.model, _texts(talk), document.id)
        except ClientError as error:
            log.warning("no %s for a chat: %s", task.__name__, error)
            return None

    asked = [ask(follow_ups, tasks.follow_ups, answer) for answer in answers]
    tags, title, *more = await gather_or_cancel(
        ask(auto_tags, tasks.tags, first), ask(auto_title, tasks.title, first), *asked
    )
    return Extras(follow_ups=tuple(more) if follow_ups else (), tags=tags, title=title)


async def _store(document: ChatDocument, answers: Sequence[Answer], found: Extras) -> None:
    title = {"title": found.title} if found.title else {}
    named = {a.message_id: list_ for a, list_ in zip(answers, found.follow_ups, strict=False) if list_}
    if named:
        # A person may have changed the answers while the questions were found.
        messages = await document.read()
        dressed = {id: {**messages[id], "followUps": list_} for id, list_ in named.items() if id in messages}
        await document.put_messages(dressed, **title)
    elif title:
        await document.update(**title)


def _texts(talk: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the conversation without its images: the templates of tasks take texts only."""
    return [
        {
            **message,
            "content": message["content"] if isinstance(message["content"], str) else message["content"][0]["text"],
        }
        for message in talk
    ]
