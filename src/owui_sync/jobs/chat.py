"""A chat: questions that are written, then questions that the models propose, one turn each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from owui_sync.client.chat.document import ChatDocument
from owui_sync.client.chat.extras import add_extras
from owui_sync.client.chat.history import text_of
from owui_sync.client.chat.rounds import next_question
from owui_sync.client.chat.session import ChatSession
from owui_sync.client.chat.turn import Answer, Turn
from owui_sync.client.runs.troubles import distinct, mute_servers, problems_of
from owui_sync.jobs.context import build_context
from owui_sync.jobs.outcome import JobAnswer
from owui_sync.jobs.run import JobIds, JobRun
from owui_sync.jobs.sources import unique_sources
from owui_sync.jobs.spec import ChatSpec
from owui_sync.kinds.names import IdIndex

_PAUSE = 1.0
"""Seconds before a question that failed is asked again; twice as many each time."""


@dataclass(slots=True)
class _Asked:
    """What was asked and answered so far."""

    questions: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    all: list[Answer] = field(default_factory=list)

    @property
    def parent(self) -> str | None:
        """The answer that the next question follows: that of the first model, as in the page."""
        return self.answers[0].message_id if self.answers else None


async def run_chat(
    run: JobRun, document: ChatDocument, spec: ChatSpec, names: IdIndex
) -> tuple[JobAnswer, Sequence[Answer]]:
    """Ask all questions.

    Requests: those of `build_context` and `mute_servers`, and for each question those of its turn and one to remember
    it.

    Raises:
        AnswerFailed: a model has not answered in the end.
        Stopped: the user stopped the run.
    """
    ids, retries = JobIds(document.id), run.due.job.retries
    session = ChatSession(document=document, ids=ids, retries=retries, pause=_PAUSE, silence=run.writer.silence)
    context = await build_context(document, spec, names)
    asked, total = _Asked(), spec.questions
    for number in range(total):
        step = f"turn:{number}"
        question = spec.prompts[number] if number < len(spec.prompts) else await _proposed(session, asked, step)
        words = "answers" if total == 1 else f"answers question {number + 1}"
        await run.begin(words, number + 1, total, ", ".join(spec.models), session.tokens)
        turn = Turn(
            chat_id=document.id,
            question=question,
            models=spec.models,
            parent_id=asked.parent,
            files=context.files,
            images=context.images if number == 0 else (),
            tool_ids=context.tool_ids,
            system=spec.system,
            params=spec.params,
            web_search=spec.web_search,
        )
        asked.answers = await session.ask(step, turn)
        asked.questions.append(question)
        asked.all += asked.answers
    sources = unique_sources(source for answer in asked.all for source in answer.sources)
    told = (problems_of(answer, document.messages, searches=spec.web_search) for answer in asked.all)
    mute = await mute_servers(run.writer, context.tool_ids)
    notes = distinct([*mute, *(words for each in told for words in each)])
    return JobAnswer(_text(asked.answers), sources, session.tokens, notes), asked.answers


async def _proposed(session: ChatSession, asked: _Asked, step: str) -> str:
    """Return the next question: the one that an earlier try asked, else one that the models propose."""
    messages = session.document.messages
    if before := messages.get(session.ids.question(step)):
        return text_of(before)
    proposed = _stored(messages[answer.message_id].get("followUps") for answer in asked.answers)
    if not proposed:
        proposed = _stored((await add_extras(session.document, asked.answers, follow_ups=True)).follow_ups)
    return next_question(asked.questions, proposed)


def _stored(lists: Iterable[list[str] | None]) -> list[str]:
    return [question for questions in lists for question in questions or ()]


def _text(answers: Sequence[Answer]) -> str:
    """Return the last answer; those of several models below their names."""
    if len(answers) == 1:
        return answers[0].text
    return "\n\n".join(f"## {answer.model}\n\n{answer.text}" for answer in answers)
