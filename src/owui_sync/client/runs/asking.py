"""The questions of a research, asked side by side: how many at once, in which order, and what comes of each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from owui_sync.client.capabilities import Feature, can
from owui_sync.client.chat import history
from owui_sync.client.chat.context import ChatContext
from owui_sync.client.chat.errors import AnswerFailed
from owui_sync.client.concurrency import gather_or_cancel
from owui_sync.client.runs import prompts
from owui_sync.client.runs.budget import Spending
from owui_sync.client.runs.citations import CitedSource, sources_in
from owui_sync.client.runs.definition import Finding, Plan, Question
from owui_sync.client.runs.digest import known
from owui_sync.client.runs.run import Run
from owui_sync.client.runs.troubles import problems_of


@dataclass(slots=True)
class Asking:
    """Asks the questions of a research.

    Each is asked right below the plan, so that a model gets the plan and not all that was said before. When those
    before it are answered too, it is put behind them in the chat: the page shows them in their order.

    Args:
        plan: the research.
        run: its run.
        context: what answers rest on.
        below: id of the message with the plan.
        at_once: how many were asked at once.
    """

    plan: Plan
    run: Run
    context: ChatContext
    below: str
    _found: dict[int, Finding] = field(default_factory=dict)
    at_once: int = 1
    _begun: int = 0
    _ended: str | None = None
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def findings(self) -> list[Finding]:
        """What came of the questions so far, in their order."""
        return [self._found[number] for number in sorted(self._found)]

    @property
    def _spending(self) -> Spending:
        return Spending(self.plan.budget, self.run.session, self.findings)

    def used_up(self) -> str | None:
        """Return which part of the budget is used up, in words; None while nothing is."""
        return self._spending.used_up()

    async def ask(self, questions: Sequence[Question]) -> str | None:
        """Ask the questions that were not asked yet; return why not all of them were, or None."""
        self.at_once = await self._at_once()
        await gather_or_cancel(*(self._work(questions) for _ in range(self.at_once)))
        await self._line_up()
        return self._ended

    async def read(self, questions: Sequence[Question]) -> None:
        """Take over what came of the questions of a run that is done; none is asked."""
        for number, question in enumerate(questions, start=1):
            if self.run.session.has_answer(step(number)):
                self._found[number] = await self._answered(number, question)
            elif message := self.run.session.document.messages.get(self.run.session.ids.answer(step(number), 0, 0)):
                about, reason = self._about(number, question), history.reason_of(message)
                self._found[number] = Finding(**about, error=reason, message_id=message["id"])

    async def _at_once(self) -> int:
        """Return how many may be asked at once: before 0.12 a turn with tools has the chat for itself."""
        if self.context.tool_ids and not await can(self.run.session.document.writer, Feature.PARALLEL_TURNS):
            return 1
        return max(1, self.plan.concurrency)

    async def _work(self, questions: Sequence[Question]) -> None:
        while number := await self._next(questions):
            is_new = not self.run.session.has_answer(step(number))
            if is_new:
                await self.run.show(self.below, f"Question {number} of {len(questions)}", done=False)
            found = await self._answered(number, questions[number - 1])
            async with self._changed:
                self._found[number] = found
                self._changed.notify_all()
            if is_new:
                await self._line_up(reached=step(number))

    async def _next(self, questions: Sequence[Question]) -> int | None:
        """Return the number of the next question as soon as it may be asked; None when there is none.

        An answer that is there already costs nothing. Else the budget is looked at, and with one that a question
        uses up, the first question is asked alone: it shows what a question takes.
        """
        async with self._changed:
            while self._begun < len(questions) and not self._ended:
                has_answer = self.run.session.has_answer(step(self._begun + 1))
                if self._begun and not has_answer and (reason := self.used_up()):
                    self._ended = f"{reason} ended it after {self._begun} of {len(questions)} questions"
                elif has_answer or self._spending.covers(self._begun - len(self._found)):
                    self._begun += 1
                    return self._begun
                else:
                    await self._changed.wait()
        return None

    async def _answered(self, number: int, question: Question) -> Finding:
        run, plan, about = self.run, self.plan, self._about(number, question)
        model, searches = about["model"], plan.web_search and question.kind == "search"
        await run.tell(step(number), question.text)
        try:
            answer = await run.ask_below(
                self.below,
                step(number),
                question.text,
                model,
                system=prompts.ANSWER.format(topic=plan.topic) + known(self.findings, question.parent),
                files=self.context.files,
                tool_ids=self.context.tool_ids,
                web_search=searches,
                beside=self.at_once > 1,
            )
        except AnswerFailed as error:
            await run.tell(step(number), error.reason, done=True)
            return Finding(**about, error=error.reason, message_id=error.message_id)
        await run.tell(step(number), question.text, done=True)
        return Finding(
            **about,
            text=answer.text,
            sources=sources_of(answer.sources, f"{model}: {question.text}", answer.message_id, answer.text),
            message_id=answer.message_id,
            problems=problems_of(answer, run.session.document.messages, searches=searches),
        )

    def _about(self, number: int, question: Question) -> dict[str, Any]:
        models = self.plan.models
        able = models.search if question.kind == "search" and models.search else models.answer
        model = able[(number - 1) % len(able)]
        about = {"number": number, "question": question.text, "kind": question.kind}
        return {**about, "model": model, "parent": question.parent}

    async def _line_up(self, **changes: Any) -> None:
        """Put the questions up to the first one that is still open in their order, and change the state."""
        settled = list[Finding]()
        while found := self._found.get(len(settled) + 1):
            settled.append(found)
        await self.run.line_up(self.below, [found.message_id for found in settled if not found.error], **changes)


def sources_of(items: Sequence[Any], name: str, message_id: str, text: str) -> tuple[CitedSource, ...]:
    """Return what an answer rests on: its sources, or where it has none the answer itself."""
    return tuple(sources_in(items)) or (CitedSource(message_id, name, None, [text], is_answer=True),)


def step(number: int) -> str:
    """Return the name of the step that asks a question."""
    return f"question {number}"
