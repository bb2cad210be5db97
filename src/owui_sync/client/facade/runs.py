"""Tasks that are worked on with tools."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from owui_sync.client.api import tools
from owui_sync.client.call_time import Timeout
from owui_sync.client.facade.base import Base
from owui_sync.client.facade.failures import checking, for_programs, otherwise
from owui_sync.client.facade.run_results import task_result, todo_list
from owui_sync.client.facade.stream import Done, Stream
from owui_sync.client.facade.task_events import UNFINISHED, events_of, failure, goes_on, started
from owui_sync.client.results import TaskResult, TodoEntry
from owui_sync.client.runs import MAX_ITERATIONS
from owui_sync.client.runs.task import Solution, Task, work
from owui_sync.client.runs.troubles import without_tools
from owui_sync.errors import OwuiSyncError

log = logging.getLogger("owui_sync.client")

_TITLE = 50
"""Characters of a task that the title of its chat has."""


class Runs(Base):
    """Work of several steps, which the chat shows one after the other."""

    @otherwise(None)
    async def process_task(
        self,
        question: str,
        model_id: str,
        tool_server_ids: str | list[str] | None,
        knowledge_base_name: str | None = None,
        max_iterations: int = MAX_ITERATIONS,
        summarize_history: bool = False,
        decision_model_id: str | None = None,
        *,
        web_search: bool = False,
        timeout: Timeout = None,
    ) -> TaskResult | None:
        """Let a model work on a task with tools until it is done, with a to-do list that the chat shows.

        Args:
            question: the task.
            model_id: the model.
            tool_server_ids: ids of the tools and tool servers that it may call; the server runs them. One that is not
                there is left out, with a warning in the log; with `raise_on_error` it is an error.
            knowledge_base_name: a knowledge base to rest on.
            max_iterations: how many turns at the most; then what there is, is the solution.
            summarize_history: give a summary of the conversation instead of its messages.
            decision_model_id: a model that chooses where the other one offers options; without one the first is taken.
            web_search: let the server search the web for each turn; tools are then described in the prompt, as models
                that call them by themselves get no search.

        Returns:
            `solution`, `conversation_history` (messages with `role` and `content`, or the summary), `todo_list` (each
            `task` and `status`: `pending`, `in_progress`, `completed`), `chat_id`, `completed` (the model says so, and
            made the calls of tools that it announced), `missing_tools` where some are, and `problems` where there were
            any: in words, tools that do not exist or failed, tool servers and searches that do not answer, calls that
            were announced and not made. None on failure.
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
        task = replace(task, web_search=web_search)
        task, missing = await self._with_known_tools(task)
        async with aclosing(work(self._writer, task)) as steps:
            async for step in steps:
                if isinstance(step, Solution):
                    self.chat_id, self.model_id = step.chat_id, model_id
                    return task_result(step, missing)
        return None

    @checking
    def stream_process_task(
        self,
        question: str,
        model_id: str,
        tool_server_ids: str | list[str] | None,
        knowledge_base_name: str | None = None,
        max_iterations: int = MAX_ITERATIONS,
        summarize_history: bool = False,
        decision_model_id: str | None = None,
        *,
        web_search: bool = False,
        timeout: Timeout = None,
    ) -> Stream[dict[str, Any], TaskResult | None]:
        """As `process_task`, with the same parameters, and with each step when it is done.

        Returns:
            Events, each with `type`, `content` and `iteration`: `iteration_start` (no `content`), `thought` (what the
            model says), `todo_list_update`, `action` and `tool_call` (`tool` and `args`), `observation` (what came of
            it), `decision` (`options` with `number`, `label` and `description` each, `selected_option`),
            `final_answer`, and `error`. `thought` and `final_answer` also have `todo_list`, `tools` (each `name`,
            `arguments`, `output`) and `message_id`. The result is that of `process_task`.
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
        task = replace(task, web_search=web_search)
        return self._stream("stream_process_task", self._steps(task), None)

    async def _steps(self, task: Task) -> AsyncGenerator[dict[str, Any] | Done[TaskResult | None], None]:
        yield started(1)
        todo: list[TodoEntry] = []
        try:
            task, missing = await self._with_known_tools(task)
            async with aclosing(work(self._writer, task)) as steps:
                async for step in steps:
                    if isinstance(step, Solution):
                        self.chat_id, self.model_id = step.chat_id, task.model
                        if not step.completed:
                            yield failure(step.problems[-1] if step.given_up else UNFINISHED)
                        yield Done(task_result(step, missing))
                        return
                    for event in events_of(step, todo):
                        yield event
                    todo = todo_list(step.todo)
                    if goes_on(step, task.max_iterations):
                        yield started(step.number + 1)
        except OwuiSyncError as error:
            yield failure(str(for_programs(error).problems[0]))
            raise

    async def _with_known_tools(self, task: Task) -> tuple[Task, dict[str, str]]:
        """Return the task without tools that are not there, which a program is warned of; and id -> why.

        With `raise_on_error` they stay, and fail it.
        """
        if self.raise_on_error or not task.tool_ids:
            return task, {}
        there = {row["id"] for row in await tools.list_all(self._writer)}
        missing = [id for id in task.tool_ids if id not in there]
        reasons = dict(zip(missing, await without_tools(self._writer, missing), strict=True))
        for words in reasons.values():
            log.warning("%s: the model works on the task without it", words)
        return replace(task, tool_ids=tuple(id for id in task.tool_ids if id in there)), reasons

    def _task(
        self,
        question: str,
        model_id: str,
        tool_server_ids: str | list[str] | None,
        knowledge_base_name: str | None,
        max_iterations: int,
        summarize_history: bool,
        decision_model_id: str | None,
    ) -> Task:
        tool_ids = [tool_server_ids] if tool_server_ids and isinstance(tool_server_ids, str) else tool_server_ids or ()
        return Task(
            goal=question,
            model=model_id,
            tool_ids=tuple(tool_ids),
            knowledge=(knowledge_base_name,) if knowledge_base_name else (),
            max_iterations=max_iterations,
            title=f"Task Processing: {question[:_TITLE]}",
            summarize=summarize_history,
            decision_model=decision_model_id,
            silence=self.answer_timeout,
        )
