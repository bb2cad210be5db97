"""Turns whose answers are passed through to here, word by word, and written into the chat when they are whole.

It works alike on all versions, and knows exactly where an answer was cut off. The server runs filters, files and web
search before it asks the model; tools are described in the prompt. What a page does after an answer is not done.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field

from owui_sync.client.api import completions
from owui_sync.client.chat import history
from owui_sync.client.chat.body import options, system
from owui_sync.client.chat.document import ChatDocument
from owui_sync.client.chat.patience import retry_when_locked
from owui_sync.client.chat.token_limit import REASON, is_limit
from owui_sync.client.chat.turn import Answer, Turn
from owui_sync.client.chat.verdict import CUT, EMPTY, NO_ROOM, failure
from owui_sync.client.concurrency import even_if_cancelled, gather_or_cancel
from owui_sync.client.errors import ApiError, ClientError, TimedOut
from owui_sync.client.shapes import Row
from owui_sync.client.thinking import Thinking, without_thinking
from owui_sync.client.writer import Writer


@dataclass(slots=True)
class StreamReading:
    """One answer as it comes.

    Attributes:
        turn: its turn.
        number: which of the turn's answers it is.
        text: what has come.
        sources: where it comes from.
        usage: tokens, when the provider has told.
        ended: whether it came to its regular end.
        reason: what went wrong, or None.
        silent: whether that was silence.
        at_limit: whether it ends because a limit of tokens was reached.
    """

    turn: Turn
    number: int
    text: str = ""
    sources: list[Row] = field(default_factory=list)
    usage: Row = field(default_factory=dict)
    ended: bool = False
    reason: str | None = None
    silent: bool = False
    at_limit: bool = False
    _thinking: Thinking = field(default_factory=Thinking)

    async def pieces(self, writer: Writer, before: list[Row]) -> AsyncGenerator[str, None]:
        """Yield the text piece by piece; failures are remembered, not raised. One request."""
        body = _body(self.turn, self.turn.models[self.number], before)
        try:
            async with aclosing(completions.stream(writer, body, self.turn.silence)) as parts:
                async for part in parts:
                    if piece := self._take(part or {}):
                        yield piece
        except TimedOut as error:
            self.silent = not error.whole_call
            self.reason = f"{'nothing came for' if self.silent else 'it was not whole after'} {error.seconds:g} s"
            self.reason += ", the time for the call" if error.whole_call else ""
        except ClientError as error:
            self.reason = history.plain(error.detail) if isinstance(error, ApiError) else error.happened
        if piece := self._thinking.rest():
            self.text += piece
            yield piece
        self.text = without_thinking(self.text)
        if not self.reason and not self.ended:
            self.reason = CUT
        elif not self.reason and not self.text.strip():
            self.reason = NO_ROOM if self.at_limit else EMPTY

    def _take(self, part: Row) -> str:
        self.sources += part.get("sources") or ()
        self.usage = part.get("usage") or self.usage
        if part.get("error"):
            self.reason = history.reason_of(part)
        text = ""
        for choice in part.get("choices") or ():
            text += (choice.get("delta") or choice.get("message") or {}).get("content") or ""
            self.ended = self.ended or bool(choice.get("finish_reason"))
            self.at_limit = self.at_limit or is_limit(choice.get("finish_reason"))
        text = self._thinking.take(text)
        self.text += text
        return text

    def answer(self) -> Answer:
        """Return the answer, with its `error` if it failed."""
        error = failure(self.turn, self.number, self.reason, self.text, silent=self.silent) if self.reason else None
        return Answer(
            model=self.turn.models[self.number],
            chat_id=self.turn.chat_id,
            message_id=self.turn.answer_ids[self.number],
            text=self.text,
            sources=tuple(self.sources),
            usage=self.usage,
            error=error,
            at_limit=self.at_limit and not error,
        )

    def message(self) -> Row:
        """Return the message for the page."""
        parts: Row = {"sources": self.sources, "usage": self.usage, "error": self.reason and {"content": self.reason}}
        parts["finish_reason"] = REASON if self.at_limit else None
        given = {key: value for key, value in parts.items() if value}
        return history.answer_message(self.turn, self.number, content=self.text, **given)


async def ask(document: ChatDocument, turn: Turn) -> list[Answer]:
    """Run a turn; one that is in the document already is not asked again. One request a model, and one or two to write.

    Raises:
        ClientError: the turn was answered and could not be written.
    """
    if turn.again and (found := _stored(turn, document.messages)):
        return found
    readings = [StreamReading(turn, number) for number in range(len(turn.models))]
    before = _before(turn, document)
    await gather_or_cancel(*(_drain(reading.pieces(document.writer, before)) for reading in readings))
    await _store(document, turn, readings)
    return [reading.answer() for reading in readings]


async def stream(document: ChatDocument, turn: Turn) -> AsyncGenerator[str | Answer, None]:
    """Run a turn of one model: pieces of the text as they come, and the `Answer` at the end, when it is stored.

    If the consumer stops early, the text received so far is stored, as with the page's stop button. Requests as for
    `ask`.
    """
    reading = StreamReading(turn, 0)
    try:
        async with aclosing(reading.pieces(document.writer, _before(turn, document))) as pieces:
            async for piece in pieces:
                yield piece
    finally:
        if reading.text or reading.reason:
            await even_if_cancelled(lambda: _store(document, turn, [reading]))
    yield reading.answer()


async def _drain(pieces: AsyncIterator[str]) -> None:
    async for _ in pieces:
        pass


async def _store(document: ChatDocument, turn: Turn, readings: list[StreamReading]) -> None:
    """Write the turn into the chat, and models and files where they are other ones than before."""
    answers = {turn.answer_ids[reading.number]: reading.message() for reading in readings}
    written = {turn.question_id: history.question_message(turn), **answers}
    wanted = {"models": list(turn.side_by_side), **({"files": list(turn.files)} if turn.files else {})}
    keys = {key: value for key, value in wanted.items() if value != document.row["chat"].get(key)}
    await retry_when_locked(document.writer, lambda: document.put_messages(written, turn.answer_ids[0], **keys))


def _stored(turn: Turn, messages: Mapping[str, Row]) -> list[Answer]:
    """Return the answers of a turn that was run before; none if it was not."""
    if not all(id in messages for id in turn.answer_ids):
        return []
    found = []
    for number, id in enumerate(turn.answer_ids):
        message = messages[id]
        reading = StreamReading(turn, number, history.text_of(message), message.get("sources") or [])
        reading.usage, reading.reason = message.get("usage") or {}, history.reason_of(message)
        reading.at_limit = is_limit(message.get("finish_reason"))
        found.append(reading.answer())
    return found


def _before(turn: Turn, document: ChatDocument) -> list[Row]:
    return history.conversation(history.path_to(document.messages, turn.parent_id))


def _body(turn: Turn, model: str, before: list[Row]) -> Row:
    return {
        **options(turn),
        "model": model,
        "messages": [*system(turn), *before, *history.conversation([history.question_message(turn)])],
        "params": {"function_calling": "legacy", **turn.params},
    }
