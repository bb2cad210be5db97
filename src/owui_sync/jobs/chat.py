"""A chat: questions that are written, then questions that the models propose, one turn each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from owui_sync.client.chat.extras import add_extras
from owui_sync.client.chat.history import text_of
from owui_sync.client.chat.rounds import next_question
from owui_sync.client.chat.turn import Answer, Turn
from owui_sync.jobs.given import given
from owui_sync.jobs.outcome import JobAnswer
from owui_sync.jobs.run import Run
from owui_sync.jobs.sources import cited
from owui_sync.kinds.names import IdIndex


@dataclass(slots=True)
class _Talk:
    """What was asked and answered so far."""

    asked: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    all: list[Answer] = field(default_factory=list)

    @property
    def parent(self) -> str | None:
        """The answer that the next question follows: that of the first model, as in the page."""
        return self.answers[0].message_id if self.answers else None


async def run_chat(run: Run, names: IdIndex) -> tuple[JobAnswer, Sequence[Answer]]:
    """Asks all questions. Requests: those of `given`, and for each question those of `Run.ask` and one more."""
    spec, talk = run.due.job.spec, _Talk()
    models, prompts = tuple(spec["models"]), spec["prompts"]
    total = len(prompts) + spec.get("follow_ups", 0)
    context = await given(run, names, models)
    for number in range(total):
        question = prompts[number] if number < len(prompts) else await _proposed(run, talk, number)
        await run.begin("answers" if total == 1 else f"answers question {number + 1}", number + 1, total, _who(models))
        turn = Turn(
            chat_id=run.chat_id,
            question=question,
            models=models,
            parent_id=talk.parent,
            files=context.files,
            images=context.images if number == 0 else (),
            tool_ids=context.tool_ids,
            system=spec.get("system"),
            params=spec.get("params", {}),
            web_search=spec.get("web_search", False),
            silence=run.writer.silence,
        )
        talk.answers = await run.ask(("turn", number), turn)
        talk.asked.append(question)
        talk.all += talk.answers
        await run.remember(tokens=sum(answer.tokens for answer in talk.all))
    sources = cited(source for answer in talk.all for source in answer.sources)
    return JobAnswer(_text(talk.answers), sources, run.record.tokens), talk.answers


async def _proposed(run: Run, talk: _Talk, number: int) -> str:
    """The next question: the one that an earlier try asked, else one that the models propose."""
    messages = await run.messages()
    if asked := messages.get(run.id("turn", number, "question")):
        return text_of(asked)
    proposed = _stored(messages[answer.message_id].get("followUps") for answer in talk.answers)
    if not proposed:
        proposed = _stored((await add_extras(run.writer, talk.answers, follow_ups=True)).follow_ups)
    return next_question(talk.asked, proposed)


def _stored(lists: Iterable[list[str] | None]) -> list[str]:
    return [question for questions in lists for question in questions or ()]


def _who(models: Sequence[str]) -> str:
    return ", ".join(models)


def _text(answers: Sequence[Answer]) -> str:
    """The last answer; those of several models below their names."""
    if len(answers) == 1:
        return answers[0].text
    return "\n\n".join(f"## {answer.model}\n\n{answer.text}" for answer in answers)
