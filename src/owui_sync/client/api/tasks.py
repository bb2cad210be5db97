"""The small tasks that the server lets models do for a chat (title, tags, follow-ups), and what it is busy with.

None of the generating calls stores anything. The model that answers is the one that the administrator chose for tasks,
or the one that is named. Each is one request, and two more on a server that was just started, which has no list of
models yet. None is returned where the task is switched off, or where the model answers something else than the JSON
that it was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from owui_sync.client.api import completions
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.errors import NotFound
from owui_sync.client.json_in_text import object_in
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, as_row, segment
from owui_sync.client.writer import Writer


async def title(writer: Writer, model: str, messages: Sequence[Row], chat_id: str | None = None) -> str | None:
    """Return a title for a conversation. One request, which asks a model.

    Args:
        writer: the client.
        model: the model of the conversation.
        messages: each `{"role", "content"}`, oldest first.
        chat_id: the chat that it is about, for the server's log.
    """
    found = await _generated(writer, "title", "title", model, messages, chat_id)
    return found.strip() or None if isinstance(found, str) else None


async def tags(writer: Writer, model: str, messages: Sequence[Row], chat_id: str | None = None) -> list[str] | None:
    """Return tags for a conversation; parameters as for `title`. One request, which asks a model."""
    return _texts(await _generated(writer, "tags", "tags", model, messages, chat_id))


async def follow_ups(
    writer: Writer, model: str, messages: Sequence[Row], chat_id: str | None = None
) -> list[str] | None:
    """Return questions that the user might ask next; parameters as for `title`. One request, which asks a model."""
    return _texts(await _generated(writer, "follow_up", "follow_ups", model, messages, chat_id))


async def running(reader: Reader, chat_id: str) -> list[str]:
    """Return the ids of what the server does for a chat at the moment; empty when it is done. One request."""
    path = f"/api/tasks/chat/{segment(chat_id)}"
    return [str(id) for id in as_row(await reader.get(path), "GET", path).get("task_ids") or ()]


async def stop(writer: Writer, chat_id: str, task_ids: Sequence[str], *, others: bool = False) -> None:
    """Stop what the server does for a chat; the text that has come stays. One request, before 0.10 one a task.

    With `others`, only these tasks are stopped, and what else the server does for the chat goes on: one request a task.
    Nothing is wrong where it has ended meanwhile.
    """
    paths = [f"/api/tasks/chat/{segment(chat_id)}/stop"]
    if others or not await can(writer, Feature.STORED_TURNS):
        paths = [f"/api/tasks/stop/{segment(id)}" for id in task_ids]
    for path in paths:
        try:
            await writer.update(path, {})
        except NotFound:
            continue


async def _generated(
    writer: Writer, task: str, key: str, model: str, messages: Sequence[Row], chat_id: str | None
) -> Any:
    path = f"/api/v1/tasks/{task}/completions"
    body = {"model": model, "messages": list(messages), "stream": False, **({"chat_id": chat_id} if chat_id else {})}
    try:
        answer = as_row(await writer.create(path, body), "POST", path)
    except NotFound:
        # A server that was just started knows no model here until somebody asks for the list of models.
        await completions.models(writer)
        answer = as_row(await writer.create(path, body), "POST", path)
    message = completions.choice_in(answer).get("message") or {}
    text = completions.text_in(answer) or str(message.get("reasoning_content") or "")
    return object_in(text).get(key)


def _texts(value: Any) -> list[str] | None:
    """Return the texts of a list that a model made, without blanks and repetition; None for anything else."""
    if not isinstance(value, list):
        return None
    return list(dict.fromkeys(text.strip() for text in value if isinstance(text, str) and text.strip())) or None
