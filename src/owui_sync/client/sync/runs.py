"""Made from `client/facade/runs.py` by `make client`; do not edit."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from owui_sync.client.call_time import Timeout
from owui_sync.client.results import TaskResult
from owui_sync.client.runs import MAX_ITERATIONS
from owui_sync.client.sync.base import Base


class Runs(Base):
    """Work of several steps, which the chat shows one after the other."""

    def process_task(
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
        return self._run(
            self._async.process_task(
                question,
                model_id,
                tool_server_ids,
                knowledge_base_name,
                max_iterations,
                summarize_history,
                decision_model_id,
                web_search=web_search,
                timeout=timeout,
            )
        )

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
    ) -> Generator[dict[str, Any], None, TaskResult | Any]:
        """As `process_task`, with the same parameters, and with each step when it is done.

        Returns:
            Events, each with `type`, `content` and `iteration`: `iteration_start` (no `content`), `thought` (what the
            model says), `todo_list_update`, `action` and `tool_call` (`tool` and `args`), `observation` (what came of
            it), `decision` (`options` with `number`, `label` and `description` each, `selected_option`),
            `final_answer`, and `error`. `thought` and `final_answer` also have `todo_list`, `tools` (each `name`,
            `arguments`, `output`) and `message_id`. The result is that of `process_task`.
        """
        return (
            yield from self._stream(
                self._async.stream_process_task(
                    question,
                    model_id,
                    tool_server_ids,
                    knowledge_base_name,
                    max_iterations,
                    summarize_history,
                    decision_model_id,
                    web_search=web_search,
                    timeout=timeout,
                )
            )
        )
