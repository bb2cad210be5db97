"""A task: a goal that a model works on with tools, each round a turn of the run's chat."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing

from owui_sync.client.chat.document import ChatDocument
from owui_sync.client.chat.turn import Answer
from owui_sync.client.runs.task import Solution, Task, work
from owui_sync.jobs.outcome import JobAnswer
from owui_sync.jobs.run import JobRun
from owui_sync.jobs.sources import unique_sources
from owui_sync.jobs.spec import TaskSpec


async def run_task(run: JobRun, document: ChatDocument, spec: TaskSpec) -> tuple[JobAnswer, Sequence[Answer]]:
    """Run it, or go on with it. Requests: those of `client.runs.task`.

    Raises:
        AnswerFailed: the model gave no answer, or no whole one.
        Stopped: the user stopped the run.
    """
    most = spec.max_iterations
    task = Task(
        goal=spec.goal,
        model=spec.model,
        tool_ids=spec.tools,
        knowledge=spec.knowledge,
        max_iterations=most,
        decision_model=spec.decision_model,
        web_search=spec.web_search,
        title=run.due.job.title,
        retries=run.due.job.retries,
        silence=run.writer.silence,
        document=document,
    )
    async with aclosing(work(run.writer, task, run.on_step(most))) as rounds:
        async for each in rounds:
            if isinstance(each, Solution):
                solution = each
    found = unique_sources(source for message in document.messages.values() for source in message.get("sources") or ())
    given_up = "made the same calls again and again" if solution.repeated else "announced calls of tools and made none"
    undone = f"the model {given_up}" if solution.given_up else f"it ended after {most} rounds"
    note = () if solution.completed else (f"{undone}, before the model said that it is done",)
    answer = Answer(model=spec.model, chat_id=solution.chat_id, message_id=solution.message_id, text=solution.text)
    return JobAnswer(solution.text, found, solution.tokens, (*note, *solution.problems)), [answer]
