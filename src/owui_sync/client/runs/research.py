"""Research: a plan of questions, an answer to each, and a report that cites where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from owui_sync.client.chat import history
from owui_sync.client.chat.cache import check_models
from owui_sync.client.chat.context import ChatContext, build_context
from owui_sync.client.chat.errors import AnswerFailed
from owui_sync.client.runs import prompts
from owui_sync.client.runs.citations import Checked, CitedSource, checked, numbered, sources_in
from owui_sync.client.runs.definition import Budget, Finding, Models, Plan, Question, Report
from owui_sync.client.runs.planning import more_questions, plan_questions
from owui_sync.client.runs.run import OnStep, Run, begin
from owui_sync.client.writer import Writer

__all__ = ["Budget", "Finding", "Models", "Plan", "Report", "research"]


async def research(writer: Writer, plan: Plan, on_step: OnStep = lambda event: None) -> Report:
    """Run a research to its end, or go on with one that was interrupted.

    The chat shows the plan, each question with its answer, and the report, one after the other. A question that fails
    is left out of the report; it stays in the chat with its error.

    Raises:
        Missing: a model, a tool or a knowledge base is not there; nothing was asked.
        AnswerFailed: no question could be answered, or no report was written.
    """
    named = [plan.models.plan, plan.models.report, *plan.models.answer, *plan.models.search]
    await check_models(writer, named)
    context = await build_context(writer, (), collections=plan.knowledge, tool_ids=plan.tool_ids)
    run = await begin(writer, "research", plan.title, plan.topic, plan, on_step)
    return await _Research(plan, run, context).carry_out()


@dataclass(slots=True)
class _Research:
    plan: Plan
    run: Run
    context: ChatContext
    findings: list[Finding] = field(default_factory=list)

    async def carry_out(self) -> Report:
        """Run to the end and return the report. A failed run is marked as failed in the chat and is not resumed."""
        try:
            questions = await self._planned()
            partial = await self._asked(questions)
            for round in range(self.plan.gap_rounds):
                if partial or not (more := await more_questions(self.run, self.plan, self._log(), round)):
                    break
                questions = [*questions, *more]
                partial = await self._asked(questions)
            self._check_any()
            return await self._reported(partial, len(questions))
        except AnswerFailed as error:
            await self._failed(error)
            raise

    @property
    def _plan_message(self) -> str:
        """Id of the message with the plan, which also shows how far the run is."""
        return self.run.session.ids.answer("plan", 0, 0)

    async def _planned(self) -> list[Question]:
        """Return the questions of the plan; those of an earlier process if there are any."""
        run, plan = self.run, self.plan
        if known := run.state.get("questions"):
            run.parent_id = self._plan_message
            return [Question(**one) for one in known]
        run.tell("plan", plan.topic)
        questions = await plan_questions(run, plan)
        run.state["questions"] = [{"text": one.text, "kind": one.kind} for one in questions]
        text = prompts.shown_plan([(one.text, one.kind) for one in questions])
        await run.write_turn("plan", prompts.RESEARCH.format(topic=plan.topic), text, plan.models.plan)
        await run.reload(self._plan_message)
        run.tell("plan", f"{len(questions)} questions", done=True)
        return questions

    async def _asked(self, questions: Sequence[Question]) -> str | None:
        """Ask the questions that were not asked yet; return why not all of them were, or None."""
        for number in range(len(self.findings) + 1, len(questions) + 1):
            if self.findings and (reason := self._used_up()):
                return f"{reason} ended it after {number - 1} of {len(questions)} questions"
            is_new = not self.run.is_done and not self.run.session.has_answer(_step(number))
            if is_new:
                await self._status(f"Question {number} of {len(questions)}", done=False)
            self.findings.append(await self._found(number, questions[number - 1]))
            if is_new:
                await self.run.save(reached=f"question {number}")
        return None

    async def _found(self, number: int, question: Question) -> Finding:
        run, plan = self.run, self.plan
        models = plan.models.search if question.kind == "search" and plan.models.search else plan.models.answer
        model, step = models[(number - 1) % len(models)], _step(number)
        about = {"number": number, "question": question.text, "kind": question.kind, "model": model}
        run.tell(step, question.text)
        if run.is_done and (reason := self._failure(step)):
            return Finding(**about, error=reason, message_id=run.session.ids.answer(step, 0, 0))  # type: ignore[arg-type]
        try:
            answer = await run.ask(
                step,
                question.text,
                model,
                system=prompts.ANSWER.format(topic=plan.topic),
                files=self.context.files,
                tool_ids=self.context.tool_ids,
                web_search=plan.web_search and question.kind == "search",
            )
        except AnswerFailed as error:
            run.tell(step, error.reason, done=True)
            return Finding(**about, error=error.reason, message_id=error.message_id)  # type: ignore[arg-type]
        run.tell(step, question.text, done=True)
        own = CitedSource(answer.message_id, f"{model}: {question.text}", None, [answer.text])
        sources = tuple(sources_in(answer.sources)) or (own,)
        return Finding(**about, text=answer.text, sources=sources, message_id=answer.message_id)  # type: ignore[arg-type]

    def _failure(self, step: str) -> str | None:
        """Return why a question of a finished run was not answered; None where it was."""
        session = self.run.session
        message = session.document.messages.get(session.ids.answer(step, 0, 0))
        return history.reason_of(message) if message and not session.has_answer(step) else None

    async def _reported(self, partial: str | None, planned: int) -> Report:
        run, plan = self.run, self.plan
        sources = numbered((finding.sources for finding in self.findings), plan.budget.sources)
        run.tell("report", plan.topic)
        if not run.session.has_answer("report"):
            await self._status("Writing the report", done=False)
        listed = prompts.listed_sources([(source.name, source.url, source.texts) for source in sources])
        system = prompts.REPORT.format(topic=plan.topic, sources=listed)
        answer = await run.ask(
            "report", prompts.REPORT_QUESTION.format(topic=plan.topic), plan.models.report, system=system
        )
        if run.is_done:  # It was checked then, and may have been edited since.
            run.tell("report", plan.topic, done=True)
            return self._result(answer.message_id, Checked(answer.text, ()), sources, partial)
        result = checked(answer.text, sources)
        text = result.text + (prompts.PARTIAL.format(reason=partial) if partial else "")
        await self._status(f"Report from {len(self.findings)} of {planned} questions", done=True)
        await run.add_tags(plan.tags)
        run.tell("report", plan.topic, done=True)
        await self._finish(answer.message_id, text, sources)
        return self._result(answer.message_id, Checked(text, result.removed), sources, partial)

    async def _finish(self, message_id: str, text: str, sources: Sequence[CitedSource]) -> None:
        """Give the report its sources, so that its numbers can be opened, and the text as it was checked.

        The report was read a moment ago, at its end, so that writing it as a whole takes away nobody's edit.
        """
        document = self.run.session.document
        message = {**document.messages[message_id], "sources": [source.item() for source in sources]}
        if text != history.text_of(message):
            message["content"] = text
            message.pop("output", None)
        await document.put_messages({message_id: message}, meta=self.run.saved(state="done"))
        await self.run.reload(message_id)

    def _result(self, message_id: str, text: Checked, sources: Sequence[CitedSource], partial: str | None) -> Report:
        return Report(
            chat_id=self.run.chat_id,
            message_id=message_id,
            findings=tuple(self.findings),
            text=text.text,
            sources=tuple(sources),
            removed=text.removed,
            partial=partial,
            tokens=self.run.session.tokens,
        )

    def _check_any(self) -> None:
        if not any(finding.text for finding in self.findings):
            raise AnswerFailed(
                self.plan.models.answer[0],
                f"no question was answered: {self.findings[-1].error}",
                chat_id=self.run.chat_id,
            )

    async def _failed(self, error: AnswerFailed) -> None:
        if self.run.parent_id:
            await self._status(f"Failed: {error.reason}", done=True)
        await self.run.save(state="failed")

    def _used_up(self) -> str | None:
        budget, session = self.plan.budget, self.run.session
        found = len(numbered(finding.sources for finding in self.findings))
        if budget.tokens is not None and session.tokens >= budget.tokens:
            return f"the budget of {budget.tokens} tokens"
        if budget.seconds is not None and session.seconds >= budget.seconds:
            return f"the budget of {budget.seconds:g} seconds"
        if budget.sources is not None and found >= budget.sources:
            return f"the budget of {budget.sources} sources"
        return None

    def _log(self) -> str:
        return "\n\n".join(f"{one.question}\n{one.text or one.error}" for one in self.findings)

    async def _status(self, words: str, done: bool) -> None:
        await self.run.show(self._plan_message, words, done)


def _step(number: int) -> str:
    """Return the name of the step that asks a question."""
    return f"question {number}"
