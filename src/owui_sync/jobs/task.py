"""A task: a goal that a model works on with tools, each round a turn of the run's chat."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing

from owui_sync.client.chat.turn import Answer
from owui_sync.client.runs.task import Solution, Task, work
from owui_sync.jobs.outcome import JobAnswer
from owui_sync.jobs.run import Run
from owui_sync.jobs.sources import cited
from owui_sync.jobs.steps import steps
from owui_sync.kinds.names import IdIndex


async def run_task(run: Run, names: IdIndex) -> tuple[JobAnswer, Sequence[Answer]]:
    """Runs it, or goes on with it. Requests: those of `client.runs.task`, and two.

    Raises:
        AnswerFailed: the model gave no answer, or no whole one.
    """
    spec, most = run.due.job.spec, run.due.job.spec.get("max_iterations", 25)
    task = Task(
        goal=spec["goal"],
        model=spec["model"],
        tool_ids=tuple(spec.get("tools", ())),
        knowledge=tuple(spec.get("knowledge", ())),
        max_iterations=most,
        decision_model=spec.get("decision_model"),
        title=run.due.job.title,
        retries=run.due.job.retries,
        silence=run.writer.silence,
        chat_id=run.chat_id,
    )
    async with aclosing(work(run.writer, task, steps(run, most))) as rounds:
        async for each in rounds:
            if isinstance(each, Solution):
                solution = each
    await run.remember(tokens=solution.tokens)
    messages = (await run.messages()).values()
    found = cited(source for message in messages for source in message.get("sources") or ())
    note = () if solution.completed else (f"it ended after {most} rounds, before the model said that it is done",)
    answer = Answer(model=spec["model"], chat_id=solution.chat_id, message_id=solution.message_id, text=solution.text)
    return JobAnswer(solution.text, found, solution.tokens, note), [answer]
