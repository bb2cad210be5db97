"""What came of tasks, in the dictionaries that methods return."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from owui_sync.client.results import TaskResult, TodoEntry
from owui_sync.client.runs.task import Solution
from owui_sync.client.runs.todo import TodoItem


def task_result(solution: Solution, missing_tools: Mapping[str, str]) -> TaskResult:
    """Return the result of a task, which went on without the tools that are missing: id -> why, in words."""
    found = TaskResult(
        solution=solution.text,
        conversation_history=solution.summary if solution.summary is not None else list(solution.messages),
        todo_list=[*todo_list(solution.todo)],
        chat_id=solution.chat_id,
        completed=solution.completed,
    )
    if missing_tools:
        found["missing_tools"] = list(missing_tools)
    if problems := [*missing_tools.values(), *solution.problems]:
        found["problems"] = problems
    return found


def todo_list(items: Iterable[TodoItem]) -> list[TodoEntry]:
    """Return a to-do list."""
    return [TodoEntry(task=item.task, status=item.status) for item in items]
