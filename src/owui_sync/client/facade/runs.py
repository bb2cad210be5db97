"""Research, and tasks that are worked on with tools."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from owui_sync.client.facade.base import Base
from owui_sync.client.facade.failures import otherwise
from owui_sync.client.facade.stream import Done, Stream
from owui_sync.client.runs.research import Models, Plan, Report, research
from owui_sync.client.runs.task import Solution, Step, Task, work


class Runs(Base):
    """Work of several steps, which the chat shows one after the other."""

    @otherwise(None)
    async def deep_research(
        self,
        topic: str,
        chat_title: str | None = None,
        num_steps: int = 3,
        general_models: list[str] | None = None,
        search_models: list[str] | None = None,
    ) -> dict[str, Any] | None:
        """Research a topic: plan questions, let the model fit for each answer it, write a report with its sources.

        All of it is one chat, step after step. A research that was interrupted goes on where it was when it is called
        again with the same title and topic; nothing that was answered is asked again.

        Args:
            topic: what to find out about.
            chat_title: the title of the chat; `Deep Dive: <topic>` if not given.
            num_steps: how many questions.
            general_models: models for the plan and the report (the first one), and for the answers (in turn); the
                default one if not given.
            search_models: models for questions that need a search (in turn); without any, none is searched for.

        Returns:
            `topic`, `chat_id`, `chat_title`, `research_log` (one entry a question: `step`, `question`, `model`,
            `model_type`, `finding`, `sources`, `error`), `final_report`, `sources` (`number`, `name`, `url`),
            `removed_citations` (what the report cited and nothing backs), `total_steps_completed`. None on failure.
        """
        general = tuple(general_models or [self.default_model_id])
        plan = Plan(
            topic=topic,
            title=chat_title or f"Deep Dive: {topic}",
            models=Models(plan=general[0], answer=general, search=tuple(search_models or ()), report=general[0]),
            steps=num_steps,
            silence=self.answer_timeout,
        )
        report = await research(self._writer, plan)
        self.chat_id, self.model_id = report.chat_id, general[0]
        return _research_result(plan, report)

    @otherwise(None)
    async def process_task(
        self,
        question: str,
        model_id: str,
        tool_server_ids: str | list[str],
        knowledge_base_name: str | None = None,
        max_iterations: int = 25,
        summarize_history: bool = False,
        decision_model_id: str | None = None,
    ) -> dict[str, Any] | None:
        """Let a model work on a task with tools until it is done, with a to-do list that the chat shows.

        Args:
            question: the task.
            model_id: the model.
            tool_server_ids: ids of the tools and tool servers that it may call; the server runs them.
            knowledge_base_name: a knowledge base to rest on.
            max_iterations: how many turns at the most; then what there is, is the solution.
            summarize_history: give a summary of the conversation instead of its messages.
            decision_model_id: a model that chooses where the other one offers options; without one the first is taken.

        Returns:
            `solution`, `conversation_history` (messages with `role` and `content`, or the summary), `todo_list` (each
            `task` and `status`: `pending`, `in_progress`, `completed`), `chat_id`, `completed`. None on failure.
        """
        task = self._task(
            question,
            model_id,
            tool_server_ids,
            knowledge_base_name,
            max_iterations,
            summarize_history,
            decision_model_id,
        )
        async with aclosing(work(self._writer, task)) as steps:
            async for step in steps:
                if isinstance(step, Solution):
                    self.chat_id, self.model_id = step.chat_id, model_id
                    return _task_result(step)
        return None

    def stream_process_task(
        self,
        question: str,
        model_id: str,
        tool_server_ids: str | list[str],
        knowledge_base_name: str | None = None,
        max_iterations: int = 25,
        summarize_history: bool = False,
        decision_model_id: str | None = None,
    ) -> Stream[dict[str, Any], dict[str, Any] | None]:
        """As `process_task`, with the same parameters, and with each step when it is done.

        Returns:
            A dictionary a step: `type` (`step`, or `decision` where an option was chosen), `iteration`, `content`,
            `todo_list`, `tools` (each `name`, `arguments`, `output`), `message_id`. The result is that of
            `process_task`.
        """
        task = self._task(
            question,
            model_id,
            tool_server_ids,
            knowledge_base_name,
            max_iterations,
            summarize_history,
            decision_model_id,
        )
        return self._stream("stream_process_task", self._steps(task), None)

    async def _steps(self, task: Task) -> AsyncGenerator[dict[str, Any] | Done[dict[str, Any] | None], None]:
        async with aclosing(work(self._writer, task)) as steps:
            async for step in steps:
                if isinstance(step, Solution):
                    self.chat_id, self.model_id = step.chat_id, task.model
                    yield Done(_task_result(step))
                else:
                    yield _step_result(step)

    def _task(
        self,
        question: str,
        model_id: str,
        tool_server_ids: str | list[str],
        knowledge_base_name: str | None,
        max_iterations: int,
        summarize_history: bool,
        decision_model_id: str | None,
    ) -> Task:
        tools = [tool_server_ids] if isinstance(tool_server_ids, str) else tool_server_ids
        return Task(
            goal=question,
            model=model_id,
            tool_ids=tuple(tools),
            knowledge=(knowledge_base_name,) if knowledge_base_name else (),
            max_iterations=max_iterations,
            summarize=summarize_history,
            decision_model=decision_model_id,
            silence=self.answer_timeout,
        )


def _research_result(plan: Plan, report: Report) -> dict[str, Any]:
    return {
        "topic": plan.topic,
        "chat_id": report.chat_id,
        "chat_title": plan.title,
        "research_log": [
            {
                "step": finding.number,
                "question": finding.question,
                "model": finding.model,
                "model_type": finding.kind,
                "finding": finding.text or None,
                "sources": [source.item() for source in finding.sources],
                "message_id": finding.message_id,
                **({"error": finding.error} if finding.error else {}),
            }
            for finding in report.findings
        ],
        "final_report": report.text,
        "sources": [{"number": n, "name": one.name, "url": one.url} for n, one in enumerate(report.sources, start=1)],
        "removed_citations": list(report.removed),
        "total_steps_completed": sum(finding.error is None for finding in report.findings),
    }


def _task_result(solution: Solution) -> dict[str, Any]:
    return {
        "solution": solution.text,
        "conversation_history": solution.summary if solution.summary is not None else list(solution.messages),
        "todo_list": [{"task": item.task, "status": item.status} for item in solution.todo],
        "chat_id": solution.chat_id,
        "completed": solution.completed,
    }


def _step_result(step: Step) -> dict[str, Any]:
    return {
        "type": step.kind,
        "iteration": step.number,
        "content": step.text,
        "todo_list": [{"task": item.task, "status": item.status} for item in step.todo],
        "tools": list(step.tools),
        "message_id": step.message_id,
    }
