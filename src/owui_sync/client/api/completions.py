"""What models answer: stored in a chat by the server, or passed through to whoever asks.

Which of the two is said by the body. With `chat_id`, `id` and `user_message` the server stores both messages; with
`session_id` besides it answers at once and goes on by itself. Without any of them nothing is stored.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from owui_sync.client.errors import UnknownAnswer
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, as_row, as_rows
from owui_sync.client.writer import Writer
from owui_sync.values import load_json

PATH = "/api/chat/completions"
_MODELS = "/api/models"

DONE = "[DONE]"
_UNTOLD = "the server failed before it asked the model, and only its own log says why (GLOBAL_LOG_LEVEL=DEBUG)"
"""What an answer `null` means: older servers drop an error of theirs where there is no chat to store it in."""


async def models(reader: Reader) -> list[Row]:
    """Return the models that the user may ask, as the page offers them. One request."""
    answer = as_row(await reader.get(_MODELS), "GET", _MODELS)
    return as_rows(answer.get("data"), "GET", _MODELS)


async def start(writer: Writer, body: Row) -> Row:
    """Let the server answer into a stored chat by itself. One request, which returns at once.

    Returns:
        `task_ids`, or `task_id` before 0.10, and `chat_id`.

    Raises:
        ApiError: 400: no such model, or the chat or the parent is not there.
        Conflict: a message of this id is there already and finished.
    """
    return as_row(await writer.create(PATH, body), "POST", PATH)


async def run(writer: Writer, body: Row, seconds: float) -> Any:
    """Let the server answer into a stored chat, and wait until it has. One request, which takes as long.

    Args:
        writer: the client.
        body: without `session_id`, and with `stream: true`.
        seconds: how long to wait; the server goes on when nobody waits any more.

    Raises:
        ApiError: the status and words of the provider; the stored message has them as well.
    """
    return await writer.create(PATH, body, seconds=seconds)


async def answer(writer: Writer, body: Row, seconds: float) -> Row:
    """Return the answer of a model as one document of the OpenAI API; nothing is stored. One request.

    Raises:
        ApiError: the status and words of the provider.
    """
    return as_row(await writer.create(PATH, {**body, "stream": False}, seconds=seconds), "POST", PATH)


def message_in(answer: Row) -> Row:
    """Return the message of an answer that came as one document; empty where it has none."""
    choices = answer.get("choices") or [{}]
    return choices[0].get("message") or {}


def object_in(text: str) -> Row:
    """Return the JSON object in a text, empty where there is none; models like to write something around it."""
    try:
        found = load_json(text[text.find("{") : text.rfind("}") + 1])
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


async def stream(writer: Writer, body: Row, silence: float) -> AsyncGenerator[Row | None, None]:
    """Yield the parts of an answer as they come; nothing is stored. One request.

    Args:
        writer: the client.
        body: the body; `stream` is set.
        silence: seconds without a part after which it is given up.

    Yields:
        Chunks of the OpenAI API, first perhaps one with `sources`, one with `error` where something failed; the whole
        answer as one document from models that are set not to stream. None stands for the mark of a complete stream,
        which one that was cut does not have.

    Raises:
        ApiError: the status and words of the provider.
        UnknownAnswer: the server failed before it asked the model, and does not say why.
        TimedOut, ConnectionFailed: after what had come till then.
    """
    async with aclosing(writer.lines(PATH, {**body, "stream": True}, silence=silence)) as lines:
        async for line in lines:
            data = line.removeprefix("data:").strip()
            if data == DONE:
                yield None
            elif data.startswith("{"):
                yield _part(data)
            elif data == "null":
                raise UnknownAnswer("POST", PATH, 200, _UNTOLD)


def _part(data: str) -> Row:
    try:
        return as_row(load_json(data), "POST", PATH)
    except ValueError:
        raise UnknownAnswer("POST", PATH, 200, "a part of a stream that is not JSON") from None
