"""A research: its questions, answers and report are turns of the run's chat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from owui_sync.client.chat.turn import Answer
from owui_sync.client.runs.research import Budget, Models, Plan, research
from owui_sync.jobs.outcome import JobAnswer
from owui_sync.jobs.run import Run
from owui_sync.jobs.sources import cited
from owui_sync.jobs.steps import steps
from owui_sync.kinds.names import IdIndex

_BESIDE = 2
"""Steps beside the questions: the plan, and the report."""


async def run_research(run: Run, names: IdIndex) -> tuple[JobAnswer, Sequence[Answer]]:
    """Runs it, or goes on with it. Requests: those of `client.runs.research`, and two.

    Raises:
        AnswerFailed: no question could be answered, or no report was written.
    """
    plan = _plan(run)
    report = await research(run.writer, plan, steps(run, plan.steps * (1 + plan.gap_rounds) + _BESIDE))
    await run.remember(tokens=report.tokens)
    messages = (await run.messages()).values()
    found = cited(source for message in messages if message["id"] != report.message_id for source in _sources(message))
    failed = [f"question {one.number} was not answered: {one.error}" for one in report.findings if one.error]
    removed = [f"taken out of the report, because nothing backs it: {what}" for what in report.removed]
    partial = [f"a partial report: {report.partial}"] if report.partial else []
    answer = Answer(model=plan.models.report, chat_id=report.chat_id, message_id=report.message_id, text=report.text)
    return JobAnswer(report.text, found, report.tokens, (*partial, *failed, *removed)), [answer]


def _sources(message: Mapping[str, Any]) -> Sequence[Any]:
    return message.get("sources") or ()


def _plan(run: Run) -> Plan:
    job, spec = run.due.job, run.due.job.spec
    return Plan(
        topic=spec["topic"],
        title=job.title,
        models=_models(spec),
        steps=spec.get("steps", 3),
        gap_rounds=spec.get("gap_rounds", 0),
        knowledge=tuple(spec.get("knowledge", ())),
        web_search=spec.get("web_search", False),
        budget=Budget(**spec.get("budget", {})),
        retries=job.retries,
        silence=run.writer.silence,
        chat_id=run.chat_id,
    )


def _models(spec: Mapping[str, Any]) -> Models:
    """Who does what; what is not named, the answering model does."""
    named: Mapping[str, str] = spec.get("models", {})
    answer = named.get("answer") or spec["model"]
    rest = spec.get("model", answer)
    search = (named.get("search", answer),) if "search" in named or spec.get("web_search") else ()
    return Models(plan=named.get("plan", rest), answer=(answer,), search=search, report=named.get("report", rest))
