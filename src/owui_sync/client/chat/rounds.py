"""Conversations that go on by themselves: the next question is one that a model proposes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from owui_sync.client.chat.errors import AnswerFailed
from owui_sync.client.chat.extras import Extras
from owui_sync.client.chat.talk import Conversation
from owui_sync.client.chat.turn import Answer

FALLBACKS = (
    "Can you explain that in more detail?",
    "Can you give an example?",
    "What speaks against it?",
    "What is the most important point, and why?",
    "What should I ask next, and what is the answer?",
)
"""Questions for a round for which no model proposed one."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round: the question, the answers in the order of the models, and what was found besides."""

    number: int
    question: str
    answers: tuple[Answer, ...]
    extras: Extras

    @property
    def error(self) -> AnswerFailed | None:
        """Why the round failed, or None where one model at least answered."""
        return self.answers[0].error if all(answer.error for answer in self.answers) else None

    @property
    def proposed(self) -> list[str]:
        """Questions that might follow, each one once, whichever models propose it."""
        return list(dict.fromkeys(question for questions in self.extras.follow_ups for question in questions or ()))


@dataclass(frozen=True, slots=True)
class RoundStart:
    """A round that begins: its question is asked now."""

    number: int
    question: str


def next_question(asked: Sequence[str], proposed: Sequence[str]) -> str:
    """Return the first proposal that was not asked yet, else a general question that was not asked yet."""
    for question in (*proposed, *FALLBACKS):
        if question not in asked:
            return question
    return FALLBACKS[len(asked) % len(FALLBACKS)]


async def rounds(talk: Conversation, question: str, number: int) -> AsyncGenerator[Round, None]:
    """Ask `number` questions, the first one being `question`; end after a round without any whole answer."""
    asked: list[str] = []
    while len(asked) < number:
        answers = await talk.ask(question)
        asked.append(question)
        done = await _done(talk, asked, answers, number)
        yield done
        if done.error:
            return
        question = next_question(asked, done.proposed)


async def streamed_rounds(
    talk: Conversation, question: str, number: int
) -> AsyncGenerator[RoundStart | str | Round, None]:
    """Yield rounds as `rounds`, with one model: each begins, its answer comes in pieces, and then it is there."""
    asked: list[str] = []
    while len(asked) < number:
        asked.append(question)
        yield RoundStart(len(asked), question)
        async with aclosing(talk.stream(question)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Answer):
                    answer = piece
                else:
                    yield piece
        done = await _done(talk, asked, [answer], number)
        yield done
        if done.error:
            return
        question = next_question(asked, done.proposed)


async def _done(talk: Conversation, asked: Sequence[str], answers: Sequence[Answer], number: int) -> Round:
    """Return the round that has just been answered; after the last one, add title and tags to the chat."""
    last = len(asked) == number
    extras = await talk.extras(answers, follow_ups=not last, last=last)
    return Round(len(asked), asked[-1], tuple(answers), extras)
