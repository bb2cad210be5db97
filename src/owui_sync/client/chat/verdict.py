"""Tells whole answers from failed ones, and stores that in the chat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from owui_sync.client.api import completions
from owui_sync.client.chat import history
from owui_sync.client.chat.cache import cache_for
from owui_sync.client.chat.document import ChatDocument
from owui_sync.client.chat.errors import AnswerCut, AnswerFailed, AnswerSilent
from owui_sync.client.chat.token_limit import reached
from owui_sync.client.chat.turn import Answer, Turn
from owui_sync.client.errors import ClientError
from owui_sync.client.shapes import Row
from owui_sync.client.writer import Writer

CUT = "the provider ended it without its regular end"
EMPTY = "the model answered nothing"
NO_ROOM = "the model answered nothing before it reached its limit of tokens, which it may have spent on thinking"
GONE = "the message is no longer in the chat"

_PROBE = {"messages": [{"role": "user", "content": "Answer with yes."}], "max_tokens": 8}


def failure(turn: Turn, number: int, reason: str, text: str = "", *, silent: bool = False) -> AnswerFailed:
    """Return the error for one answer of a turn; an answer with a text was cut off."""
    kind = AnswerSilent if silent else AnswerCut if text else AnswerFailed
    return kind(turn.models[number], reason, partial=text, chat_id=turn.chat_id, message_id=turn.answer_ids[number])


async def finalize(
    document: ChatDocument, turn: Turn, seen: Mapping[str, str], given_up: str | None = None
) -> list[Answer]:
    """Return what came of a turn that the server ran, and make the page show it.

    A stored message that says less than is known is put right: the text of a connection that broke, which the server
    forgets, an answer that ends too early, which it takes for a whole one, and one that nobody works on any more.

    Args:
        document: the chat when the turn was over.
        turn: the turn.
        seen: the longest text of each answer that was seen on the way, by message.
        given_up: why unfinished messages are not waited for any longer.

    Requests: none for good answers; two or three to put messages right, one for the first answer of a model whose
    tokens nobody counted, and one for the first of a model with own settings that stops in the middle of a sentence.
    """
    messages, answers, repaired = document.messages, [], dict[str, Answer]()
    for number, id in enumerate(turn.answer_ids):
        message = messages.get(id)
        answer = await _judged(document.writer, turn, number, message, seen.get(id, ""), given_up)
        answers.append(answer)
        if message and answer.error and not _is_recorded(message, answer):
            repaired[id] = answer
    if repaired:
        # A person may have changed the messages while a model was asked whether it counts tokens.
        messages = await document.read()
        await document.put_messages({id: _repaired(messages[id], a) for id, a in repaired.items() if id in messages})
    return answers


async def _judged(
    writer: Writer, turn: Turn, number: int, message: Row | None, seen: str, given_up: str | None
) -> Answer:
    message = message or {"error": GONE}
    text = history.text_of(message)
    answer: dict[str, Any] = {
        "model": turn.models[number],
        "chat_id": turn.chat_id,
        "message_id": turn.answer_ids[number],
        "sources": tuple(message.get("sources") or ()),
        "usage": message.get("usage") or {},
        "output": tuple(message.get("output") or ()),
    }
    reason, silent = history.reason_of(message), False
    if not reason and not message.get("done"):
        reason, silent = given_up, True
    elif not reason and not text.strip():
        reason = NO_ROOM if await reached(writer, answer["model"], turn.params, message) else EMPTY
    elif not reason and not message.get("usage") and not await _reports_no_usage(writer, turn.models[number]):
        reason = CUT
    if not reason:
        return Answer(**answer, text=text, at_limit=await reached(writer, answer["model"], turn.params, message))
    text = max(text, seen, key=len)
    return Answer(**answer, text=text, error=failure(turn, number, reason, text, silent=silent))


async def _reports_no_usage(writer: Writer, model: str) -> bool:
    """Return whether the provider of a model never counts tokens, so that a missing count says nothing about an answer.

    The server stores an answer that was cut off like a whole one; only the count that comes at the end is missing.
    """
    learned = cache_for(writer).without_usage
    if model not in learned:
        body = {**_PROBE, "model": model, "stream_options": {"include_usage": True}}
        ended = counted = False
        try:
            async for part in completions.stream(writer, body, 60):
                ended = ended or part is None or any(c.get("finish_reason") for c in part.get("choices") or ())
                counted = counted or bool(part and part.get("usage"))
        except ClientError:
            return False
        if counted or not ended:
            return False
        learned.add(model)
    return True


def _is_recorded(message: Mapping[str, Any], answer: Answer) -> bool:
    """Return whether the stored message shows what went wrong, and all that is known of the text."""
    return bool(message.get("done") and message.get("error")) and history.text_of(message) == answer.text


def _repaired(message: Row, answer: Answer) -> Row:
    assert answer.error
    fixed = {**message, "done": True, "error": {"content": answer.error.reason}}
    if history.text_of(message) != answer.text:
        fixed["content"] = answer.text
        fixed.pop("output", None)
    return fixed
