"""Research: a plan of questions, an answer to each, and a report that cites where they come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from owui_sync.client.chat import history
from owui_sync.client.chat.cache import check_models
from owui_sync.client.chat.context import build_context
from owui_sync.client.chat.errors import AnswerFailed
from owui_sync.client.runs import prompts
from owui_sync.client.runs.asking import Asking
from owui_sync.client.runs.checking import checked
from owui_sync.client.runs.citations import CitedSource, numbered
from owui_sync.client.runs.definition import CITES_NOTHING, Budget, Finding, Models, Plan, Question, Report
from owui_sync.client.runs.digest import log_of
from owui_sync.client.runs.errors import PlanRefused
from owui_sync.client.runs.planning import approved, deeper_questions, more_questions, plan_questions
from owui_sync.client.runs.report import Writing
from owui_sync.client.runs.run import OnStep, Run, begin
from owui_sync.client.runs.troubles import mute_servers
from owui_sync.client.writer import Writer

__all__ = ["Budget", "Finding", "Models", "Plan", "Report", "research"]


async def research(writer: Writer, plan: Plan, on_step: OnStep = lambda event: None) -> Report:
    """Run a research to its end, or go on with one that was interrupted or failed.

    The chat shows the plan, each question with its answer, and the report, one after the other. A question that fails
    is left out of the report, which says so; it stays in the chat with its error.

    Raises:
        Missing: a model, a tool or a knowledge base is not there; nothing was asked.
        AnswerFailed: no question could be answered, or no report was written.
        PlanRefused: the plan was not approved.
    """
    named = [plan.models.plan, plan.models.report, *plan.models.answer, *plan.models.search]
    await check_models(writer, named)
    context = await build_context(writer, (), collections=plan.knowledge, tool_ids=plan.tool_ids)
    run = await begin(writer, "research", plan.title, plan.topic, plan, on_step)
    below = run.session.ids.answer("plan", 0, 0)
    mute = await mute_servers(writer, context.tool_ids)
    return await _Research(plan, run, Asking(plan, run, context, below), mute).carry_out()


@dataclass(slots=True)
class _Research:
    plan: Plan
    run: Run
    asking: Asking
    mute: Sequence[str]

    async def carry_out(self) -> Report:
        """Run to the end and return the report. A failed run is marked as failed in the chat."""
        try:
            questions = await self._planned()
            if self.run.is_done and self.run.session.has_answer("report"):
                return await self._read(questions)
            partial = await self.asking.ask(questions)
            questions, partial = await self._deepened(questions, partial)
            questions, partial = await self._completed(questions, partial)
            self._check_any()
            return await self._reported(partial, len(questions))
        except AnswerFailed as error:
            await self._failed(error)
            raise

    async def _planned(self) -> list[Question]:
        """Return the questions of the plan; those of an earlier process if there are any."""
        run, plan = self.run, self.plan
        if known := run.state.get("questions"):
            run.parent_id = self.asking.below
            return [Question(**one) for one in known]
        await run.tell("plan", plan.topic)
        proposed = [Question(**one) for one in run.state.get("proposed") or ()]
        questions = proposed or await plan_questions(run, plan)
        if plan.approve and not proposed:  # Whoever approves may take long, and the process end meanwhile.
            await run.save(proposed=[one.item() for one in questions])
        try:
            questions = await approved(plan, questions)
        except PlanRefused:
            run.state["state"] = "refused"
            await self._show_plan(questions, prompts.REFUSED_PLAN)
            raise
        run.state["questions"] = [one.item() for one in questions]
        await self._show_plan(questions, prompts.SHOWN_PLAN)
        await run.reload(self.asking.below)
        await run.tell("plan", f"{len(questions)} questions", done=True)
        return questions

    async def _show_plan(self, questions: Sequence[Question], words: str) -> None:
        text = prompts.shown_plan(words, [(one.text, one.kind) for one in questions])
        question = prompts.RESEARCH.format(topic=self.plan.topic)
        await self.run.write_turn("plan", question, text, self.plan.models.plan)

    async def _deepened(self, questions: list[Question], partial: str | None) -> tuple[list[Question], str | None]:
        """Ask questions below those that were answered, level after level; return all, and why not all were asked."""
        new = questions
        for level in range(self.plan.depth - 1):
            partial = partial or self._spent("deeper", level)
            if partial or not new:
                break
            last = self.asking.findings[-len(new) :]
            new = await deeper_questions(self.run, self.plan, level, last, questions)
            questions = [*questions, *new]
            partial = await self.asking.ask(questions)
        return questions, partial

    async def _completed(self, questions: list[Question], partial: str | None) -> tuple[list[Question], str | None]:
        """Ask what the findings leave open, round after round; return as `_deepened`."""
        for round in range(self.plan.gap_rounds if self._answered else 0):
            if partial := partial or self._spent("gaps", round):
                break
            try:
                more = await more_questions(self.run, self.plan, log_of(self.asking.findings), round, questions)
            except AnswerFailed as error:
                return questions, f"nobody said what is still missing: {error.reason}"
            if not more:
                break
            questions = [*questions, *more]
            partial = await self.asking.ask(questions)
        return questions, partial

    def _allows_more(self) -> bool:
        return self.asking.used_up() is None

    def _spent(self, key: str, round: int) -> str | None:
        """Return why no model is asked for further questions; None while the budget allows it, or they are there."""
        if len(self.run.state.get(key) or ()) > round:
            return None
        reason = self.asking.used_up()
        return f"{reason} left nothing for further questions" if reason else None

    async def _read(self, questions: Sequence[Question]) -> Report:
        """Return the report of a run that is done, as it is in the chat by now."""
        rounds: list[list[Any]] = [*(self.run.state.get("deeper") or []), *(self.run.state.get("gaps") or [])]
        await self.asking.read([*questions, *(Question(**one) for each in rounds for one in each)])
        run, plan = self.run, self.plan
        answer = await run.ask_below(self.asking.below, "report", plan.topic, plan.models.report)
        return self._result(answer.message_id, answer.text, self._sources)

    async def _reported(self, partial: str | None, planned: int) -> Report:
        run, plan = self.run, self.plan
        sources = self._sources
        if not run.session.has_answer("report"):
            await self._status("Writing the report", done=False)
        writing = Writing(plan, run, self.asking.below, sources, self.asking.at_once > 1, self._allows_more)
        answer, text = await writing.write(self.asking.findings)
        lacks = [*self.mute, *_lacking(self.asking.findings), *(run.state.get("shortfalls") or ())]
        lacks += [*([partial] if partial else ()), *writing.shortfalls]
        partial = "; ".join(lacks) or None
        result = checked(text, sources)
        problems = lacks if result.cites else [*lacks, CITES_NOTHING]
        text = result.text + (prompts.PARTIAL.format(reason=partial) if partial else "")
        await self._status(f"Report from {len(self.asking.findings)} of {planned} questions", done=True)
        await run.add_tags(plan.tags)
        await self._finish(answer.message_id, text, sources, partial=partial, problems=problems, removed=result.removed)
        return self._result(answer.message_id, text, sources)

    async def _finish(self, message_id: str, text: str, sources: Sequence[CitedSource], **state: Any) -> None:
        """Put the report behind the findings: as it was checked, and with sources, so that its numbers can be opened.

        The report was read a moment ago, at its end, so that writing it as a whole takes away nobody's edit.
        """
        run, document = self.run, self.run.session.document
        moved = run.out_of_line(self.asking.below, [*(one.message_id for one in self._answered), message_id])
        message = {**document.messages[message_id], "sources": [source.item() for source in sources]}
        if text != history.text_of(message):
            message["content"] = text
            message.pop("output", None)
        await document.put_messages({**moved, message_id: message}, message_id, meta=run.saved(state="done", **state))
        await run.reload(message_id)

    def _result(self, message_id: str, text: str, sources: Sequence[CitedSource]) -> Report:
        return Report(
            chat_id=self.run.chat_id,
            message_id=message_id,
            findings=tuple(self.asking.findings),
            text=text,
            sources=tuple(sources),
            removed=tuple(self.run.state.get("removed") or ()),
            partial=self.run.state.get("partial"),
            problems=tuple(self.run.state.get("problems") or ()),
            tokens=self.run.session.tokens,
        )

    @property
    def _sources(self) -> list[CitedSource]:
        return numbered((finding.sources for finding in self.asking.findings), self.plan.budget.sources)

    @property
    def _answered(self) -> list[Finding]:
        return [finding for finding in self.asking.findings if not finding.error]

    def _check_any(self) -> None:
        if not self._answered:
            raise AnswerFailed(
                self.plan.models.answer[0],
                f"no question was answered: {self.asking.findings[-1].error}",
                chat_id=self.run.chat_id,
            )

    async def _failed(self, error: AnswerFailed) -> None:
        if self.run.parent_id:
            await self._status(f"Failed: {error.reason}", done=True)
        await self.run.save(state="failed")

    async def _status(self, words: str, done: bool) -> None:
        await self.run.show(self.asking.below, words, done)


def _lacking(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield in words which questions were not answered, and what was of no use for which answers."""
    for one in findings:
        if one.error:
            yield f"question {one.number} was not answered: {one.error}"
    numbers: dict[str, list[str]] = {}
    for one in findings:
        for words in one.problems:
            numbers.setdefault(words, []).append(str(one.number))
    for words, those in numbers.items():
        yield f"{words} (question{'s' if len(those) > 1 else ''} {', '.join(those)})"
