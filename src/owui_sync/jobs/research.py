"""A research: its questions, answers and report are turns of the run's chat."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from owui_sync.client.chat.document import ChatDocument
from owui_sync.client.chat.turn import Answer
from owui_sync.client.runs.definition import CITES_NOTHING, Plan
from owui_sync.client.runs.errors import PlanRefused
from owui_sync.client.runs.research import research
from owui_sync.errors import OwuiSyncError
from owui_sync.jobs.outcome import JobAnswer
from owui_sync.jobs.run import JobRun
from owui_sync.jobs.sources import unique_sources
from owui_sync.jobs.spec import ResearchSpec

_BESIDE = 2
"""Steps besides the questions: the plan, and the report."""


class NotApproved(OwuiSyncError):
    """A model planned the questions of a research, and its job asks none that are not written.

    Args:
        planned: the questions, each `question` and `kind`.

    Attributes:
        answer: the questions, as they can be put in the job.
    """

    def __init__(self, planned: Sequence[Mapping[str, str]]) -> None:
        super().__init__(
            "its plan waits for approval, so that nothing was asked yet",
            hint="write the questions that you want as `questions` of the research, or remove `approve` to ask these",
        )
        texts = [one["question"] for one in planned]
        lines = [f"  - {json.dumps(text, ensure_ascii=False)}" for text in texts]
        self.answer = JobAnswer("\n".join(["questions:", *lines]), notes=tuple(f"planned: {text}" for text in texts))


async def run_research(run: JobRun, document: ChatDocument, spec: ResearchSpec) -> tuple[JobAnswer, Sequence[Answer]]:
    """Run it, or go on with it. Requests: those of `client.runs.research`.

    Raises:
        AnswerFailed: no question could be answered, or no report was written.
        NotApproved: its questions have to be approved, and are not written.
        Stopped: the user stopped the run.
    """
    planned: list[Mapping[str, str]] = []

    def show(questions: list[dict[str, str]]) -> list[str]:
        planned.extend(questions)
        return []

    plan = Plan(
        topic=spec.topic,
        title=run.due.job.title,
        models=spec.models,
        steps=spec.steps,
        questions=spec.questions,
        approve=show if spec.approve and not spec.questions else None,
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
    try:
        report = await research(run.writer, plan, run.on_step(spec.max_questions + _BESIDE))
    except PlanRefused:
        raise NotApproved(planned) from None
    others = [message for id, message in document.messages.items() if id != report.message_id]
    found = unique_sources(source for message in others for source in message.get("sources") or ())
    removed = [f"taken out of the report, because nothing backs it: {what}" for what in report.removed]
    partial = [f"a partial report: {report.partial}"] if report.partial else []
    partial += [CITES_NOTHING] if CITES_NOTHING in report.problems else []
    answer = Answer(model=plan.models.report, chat_id=report.chat_id, message_id=report.message_id, text=report.text)
    return JobAnswer(report.text, found, report.tokens, (*partial, *removed)), [answer]
