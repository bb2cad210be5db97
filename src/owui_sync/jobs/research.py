"""A research: its questions, answers and report are turns of the run's chat."""

from __future__ import annotations

from collections.abc import Sequence

from owui_sync.client.chat.document import ChatDocument
from owui_sync.client.chat.turn import Answer
from owui_sync.client.runs.definition import Plan
from owui_sync.client.runs.research import research
from owui_sync.jobs.outcome import JobAnswer
from owui_sync.jobs.run import JobRun
from owui_sync.jobs.sources import unique_sources
from owui_sync.jobs.spec import ResearchSpec

_BESIDE = 2
"""Steps besides the questions: the plan, and the report."""


async def run_research(run: JobRun, document: ChatDocument, spec: ResearchSpec) -> tuple[JobAnswer, Sequence[Answer]]:
    """Run it, or go on with it. Requests: those of `client.runs.research`.

    Raises:
        AnswerFailed: no question could be answered, or no report was written.
        Stopped: the user stopped the run.
    """
    plan = Plan(
        topic=spec.topic,
        title=run.due.job.title,
        models=spec.models,
        steps=spec.steps,
        gap_rounds=spec.gap_rounds,
        knowledge=spec.knowledge,
        web_search=spec.web_search,
        budget=spec.budget,
        concurrency=spec.concurrency,
        depth=spec.depth,
        breadth=spec.breadth,
        sections=spec.sections,
        retries=run.due.job.retries,
        silence=run.writer.silence,
        document=document,
    )
    report = await research(run.writer, plan, run.on_step(spec.questions + _BESIDE))
    others = [message for id, message in document.messages.items() if id != report.message_id]
    found = unique_sources(source for message in others for source in message.get("sources") or ())
    failed = [f"question {one.number} was not answered: {one.error}" for one in report.findings if one.error]
    removed = [f"taken out of the report, because nothing backs it: {what}" for what in report.removed]
    partial = [f"a partial report: {report.partial}"] if report.partial else []
    answer = Answer(model=plan.models.report, chat_id=report.chat_id, message_id=report.message_id, text=report.text)
    return JobAnswer(report.text, found, report.tokens, (*partial, *failed, *removed)), [answer]
