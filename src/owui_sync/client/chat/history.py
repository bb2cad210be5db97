"""Reads the tree of messages of a chat; nothing here talks to a server."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from owui_sync.client.api.chats import ChatRow
from owui_sync.client.chat.turn import Turn
from owui_sync.client.shapes import Row
from owui_sync.client.thinking import without_thinking
from owui_sync.values import load_json


def messages_of(row: ChatRow) -> dict[str, Row]:
    """Return the messages of a chat by id."""
    history = row["chat"].get("history") or {}
    return {id: message for id, message in (history.get("messages") or {}).items() if isinstance(message, dict)}


def text_of(message: Mapping[str, Any]) -> str:
    """Return the text of a message, without what a model thought. 0.10 keeps the text of answers in `output` alone."""
    content = message.get("content")
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if part.get("type") == "text")
    if content:
        return without_thinking(str(content)) if message.get("role") == "assistant" else str(content)
    parts = (part for item in message.get("output") or () for part in _parts(item))
    return "".join(str(part.get("text", "")) for part in parts)


def reason_of(message: Mapping[str, Any]) -> str | None:
    """Return why a message failed, in the words that the page shows; None if it did not."""
    error = message.get("error")
    if not error:
        return None
    return plain(error.get("content", error) if isinstance(error, dict) else error)


def plain(error: Any) -> str:
    """Return the message of a provider's error, which is an object, its JSON, or a text."""
    with suppress(ValueError):
        error = load_json(error) if isinstance(error, str) else error
    if isinstance(error, dict) and isinstance(inner := error.get("error"), dict):
        error = inner
    if isinstance(error, dict):
        return str(error.get("message") or error.get("detail") or json.dumps(error, ensure_ascii=False))
    return str(error)


def finished(message: Mapping[str, Any]) -> bool:
    """Return whether nobody works on an answer any more; before 0.11 one that failed is not marked as done."""
    return bool(message.get("done") or message.get("error"))


def path_to(messages: Mapping[str, Row], id: str | None) -> list[Row]:
    """Return the messages from the beginning of the chat to `id`, that one included."""
    path: list[Row] = []
    seen: set[str] = set()
    while id is not None and id in messages and id not in seen:
        seen.add(id)
        path.insert(0, messages[id])
        id = messages[id].get("parentId")
    return path


def last_answer(row: ChatRow) -> str | None:
    """Return the id of the answer that the next question follows: the last one shown that did not fail."""
    messages = messages_of(row)
    shown = path_to(messages, (row["chat"].get("history") or {}).get("currentId"))
    good = (message for message in reversed(shown) if message.get("role") == "assistant" and not message.get("error"))
    return next((str(message["id"]) for message in good if text_of(message)), None)


def conversation(path: Iterable[Row]) -> list[Row]:
    """Return messages as a model gets them: texts, and the user's images. Failed and empty messages are left out."""
    found = []
    for message in path:
        text, images = text_of(message), list(images_of(message))
        if not text and not images:
            continue
        parts = [{"type": "text", "text": text}, *images]
        found.append({"role": message.get("role"), "content": parts if images else text})
    return found


def images_of(message: Mapping[str, Any]) -> Iterable[Row]:
    """Yield the images of a message as parts of the OpenAI API."""
    for file in message.get("files") or ():
        if file.get("type") == "image" and file.get("url"):
            yield {"type": "image_url", "image_url": {"url": file["url"]}}


def question_message(turn: Turn) -> Row:
    """Return the user's message of a turn, as the page stores it."""
    images = [{"type": "image", "url": url} for url in turn.images]
    files = [*turn.files, *images]
    return {
        "id": turn.question_id,
        "parentId": turn.parent_id,
        "childrenIds": list(turn.answer_ids),
        "role": "user",
        "content": turn.question,
        "timestamp": int(time.time()),
        "models": list(turn.side_by_side),
        **({"files": files} if files else {}),
    }


def answer_message(turn: Turn, number: int, **content: Any) -> Row:
    """Return a finished answer of a turn, as the page stores it; `content` holds its text and sources."""
    return {
        "id": turn.answer_ids[number],
        "parentId": turn.question_id,
        "childrenIds": [],
        "role": "assistant",
        "model": turn.models[number],
        "modelName": turn.models[number],
        "modelIdx": turn.first + number,
        "timestamp": int(time.time()),
        "done": True,
        **content,
    }


def _parts(item: Mapping[str, Any]) -> Iterable[Row]:
    if item.get("type") != "message":
        return ()
    return [part for part in item.get("content") or () if part.get("type") == "output_text"]
