"""What research is told, and what came of it, in the dictionaries that programs give and get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from owui_sync.client.chat.keyed_text import KeyedText
from owui_sync.client.errors import WrongValue
from owui_sync.client.results import ResearchResult
from owui_sync.client.runs.definition import Budget, Finding, Plan, Report
from owui_sync.client.shapes import Row


def budget_of(given: Mapping[str, float] | None) -> Budget:
    """Return the budget that a mapping says.

    Raises:
        WrongValue: it has a key that no budget has, or a value that is not above zero.
    """
    known = [field.name for field in fields(Budget)]
    for name, value in (given or {}).items():
        if name not in known:
            raise WrongValue(f"budget has no `{name}`", hint=f"it takes {', '.join(known)}")
        if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
            raise WrongValue(f"`{name}` of budget has to be a number above zero")
    return Budget(**(given or {}))  # type: ignore[arg-type]


def research_result(plan: Plan, report: Report) -> ResearchResult:
    """Return the result of a research."""
    found: ResearchResult = {
        "topic": plan.topic,
        "chat_id": report.chat_id,
        "chat_title": plan.title,
        "research_log": [_logged(one) for one in report.findings],
        "findings": [_finding(one) for one in report.findings],
        "final_report": report.text,
        "sources": [{"number": n, "name": one.name, "url": one.url} for n, one in enumerate(report.sources, start=1)],
        "removed_citations": list(report.removed),
        "total_steps_completed": sum(finding.error is None for finding in report.findings),
        "partial": report.partial,
        "tokens": report.tokens,
    }
    if report.problems:
        found["problems"] = list(report.problems)
    return found


def _finding(finding: Finding) -> Row:
    return {
        "step": finding.number,
        "question": finding.question,
        "model": finding.model,
        "model_type": finding.kind,
        "parent": finding.parent,
        "finding": finding.text or None,
        "sources": [source.item() for source in finding.sources],
        "message_id": finding.message_id,
        **({"error": finding.error} if finding.error else {}),
    }


def _logged(finding: Finding) -> KeyedText:
    came = f"received no answer: {finding.error}" if finding.error else "received a detailed answer."
    line = f"Step {finding.number}: Asked '{finding.question}' (using {finding.model}) and {came}"
    return KeyedText(line, **_finding(finding))
