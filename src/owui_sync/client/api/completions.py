"""What models answer: stored in a chat by the server, or passed through to whoever asks.

Which of the two is said by the body. With `chat_id`, `id` and `user_message` the server stores both messages; with
`session_id` besides it answers at once and goes on by itself. Without any of them nothing is stored.

Each process of a server keeps a list of the models that can be asked, and makes it anew when somebody reads the list
from that process. Where several answer without Redis, one of them may say "Model not found" of a model that another
one has just listed. It has done nothing then, so the list is read and the model asked again.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from owui_sync.client.errors import ApiError, UnknownAnswer
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, as_row, as_rows
from owui_sync.client.thinking import without_thinking
from owui_sync.client.writer import Writer
from owui_sync.values import load_json

PATH = "/api/chat/completions"
_MODELS = "/api/models"

DONE = "[DONE]"
_UNTOLD = "the server failed before it asked the model, and only its own log says why (GLOBAL_LOG_LEVEL=DEBUG)"
"""What an answer `null` means: older servers drop an error of theirs where there is no chat to store it in."""

_LOOKS = 10
"""How often the list is read for one question; by chance each may come from another process."""


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
    return as_row(await _create(writer, body), "POST", PATH)


async def run(writer: Writer, body: Row, seconds: float) -> Any:
    """Let the server answer into a stored chat, and wait until it has. One request, which takes as long.

    Args:
        writer: the client.
        body: without `session_id`, and with `stream: true`.
        seconds: how long to wait; the server goes on when nobody waits any more.

    Raises:
        ApiError: the status and words of the provider; the stored message has them as well.
    """
    return await _create(writer, body, seconds)


async def answer(writer: Writer, body: Row, seconds: float) -> Row:
    """Return the answer of a model as one document of the OpenAI API; nothing is stored. One request.

    Raises:
        ApiError: the status and words of the provider.
    """
    return as_row(await _create(writer, {**body, "stream": False}, seconds), "POST", PATH)


def choice_in(answer: Row) -> Row:
    """Return what an answer that came as one document says, and why it ends there; empty where it has nothing."""
    choices = answer.get("choices") or [{}]
    return choices[0] or {}


def text_in(answer: Row) -> str:
    """Return the text of an answer that came as one document, without what the model thought before it."""
    return without_thinking(str((choice_in(answer).get("message") or {}).get("content") or ""))


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
    async with aclosing(_lines(writer, {**body, "stream": True}, silence)) as lines:
        async for line in lines:
            data = line.removeprefix("data:").strip()
            if data == DONE:
                yield None
            elif data.startswith("{"):
                yield _part(data)
            elif data == "null":
                raise UnknownAnswer("POST", PATH, 200, _UNTOLD)


async def _create(writer: Writer, body: Row, seconds: float | None = None) -> Any:
    """Ask once, and again where the process that answered had only to learn of the model."""
    for _ in range(_LOOKS):
        try:
            return await writer.create(PATH, body, seconds=seconds)
        except ApiError as error:
            if not await _is_news(writer, body, error):
                raise
    return await writer.create(PATH, body, seconds=seconds)


async def _lines(writer: Writer, body: Row, silence: float) -> AsyncGenerator[str, None]:
    """Yield the lines of an answer; asked again as `_create` does, which is before any line has come."""
    for look in range(_LOOKS + 1):
        try:
            async with aclosing(writer.lines(PATH, body, silence=silence)) as lines:
                async for line in lines:
                    yield line
            return
        except ApiError as error:
            if look == _LOOKS or not await _is_news(writer, body, error):
                raise


async def _is_news(writer: Writer, body: Row, error: ApiError) -> bool:
    """Return whether a model that a process does not know is in the list all the same. Requests: none or one."""
    if error.detail != "Model not found":
        return False
    return any(row["id"] == body["model"] for row in await models(writer))


def _part(data: str) -> Row:
    try:
        return as_row(load_json(data), "POST", PATH)
    except ValueError:
        raise UnknownAnswer("POST", PATH, 200, "a part of a stream that is not JSON") from None
