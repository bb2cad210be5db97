"""What came of research and tasks, in the dictionaries that methods return."""

from __future__ import annotations

from collections.abc import Iterable

from owui_sync.client.chat.keyed_text import KeyedText
from owui_sync.client.results import ResearchResult, TaskResult, TodoEntry
from owui_sync.client.runs.definition import Finding, Plan, Report
from owui_sync.client.runs.task import Solution
from owui_sync.client.runs.todo import TodoItem
from owui_sync.client.shapes import Row


def research_result(plan: Plan, report: Report) -> ResearchResult:
    """Return the result of a research."""
    return {
        "topic": plan.topic,
        "chat_id": report.chat_id,
        "chat_title": plan.title,
        "research_log": [_logged(one) for one in report.findings],
        "findings": [_finding(one) for one in report.findings],
        "final_report": report.text,
        "sources": [{"number": n, "name": one.name, "url": one.url} for n, one in enumerate(report.sources, start=1)],
        "removed_citations": list(report.removed),
        "total_steps_completed": sum(finding.error is None for finding in report.findings),
    }


def _finding(finding: Finding) -> Row:
    return {
        "step": finding.number,
        "question": finding.question,
        "model": finding.model,
        "model_type": finding.kind,
        "finding": finding.text or None,
        "sources": [source.item() for source in finding.sources],
        "message_id": finding.message_id,
        **({"error": finding.error} if finding.error else {}),
    }


def _logged(finding: Finding) -> KeyedText:
    came = f"received no answer: {finding.error}" if finding.error else "received a detailed answer."
    line = f"Step {finding.number}: Asked '{finding.question}' (using {finding.model}) and {came}"
    return KeyedText(line, **_finding(finding))


def task_result(solution: Solution, missing_tools: list[str]) -> TaskResult:
    """Return the result of a task, which went on without the tools that are missing."""
    found: TaskResult = {
        "solution": solution.text,
        "conversation_history": solution.summary if solution.summary is not None else list(solution.messages),
        "todo_list": todo_list(solution.todo),
        "chat_id": solution.chat_id,
        "completed": solution.completed,
    }
    if missing_tools:
        found["missing_tools"] = missing_tools
    return found


def todo_list(items: Iterable[TodoItem]) -> list[TodoEntry]:
    """Return a to-do list."""
    return [{"task": item.task, "status": item.status} for item in items]
