"""Plays the planner and the writer of a research: questions as JSON, and a report that cites numbered sources."""

from __future__ import annotations

import json
import re

from owui_sync.sandbox.provider.prompts import Message, last_user_text, text_of

_PLAN = re.compile(
    r"^Plan a research .*?(?P<number>\d+) questions.*^Topic: (?P<topic>[^\n]+)", re.DOTALL | re.MULTILINE
)
_GAPS = "Below are the findings of a research"
_REPORT = "Write the report"
_SOURCE = re.compile(r"^\[(?P<number>\d+)\] [^\n]*\n(?P<text>[^\n]+)", re.MULTILINE)

_ASPECTS = ("What is {}?", "How is {} used?", "What does {} cost?", "Who decides on {}?", "What comes after {}?")


def research_answer(messages: list[Message]) -> str | None:
    """Return the answer to a prompt of a research; None for any other prompt."""
    prompt = last_user_text(messages)
    if found := _PLAN.search(prompt):
        aspects = [_ASPECTS[n % len(_ASPECTS)].format(found["topic"].strip()) for n in range(int(found["number"]))]
        kinds = ("general", "search")
        return json.dumps({"questions": [{"question": q, "kind": kinds[n % 2]} for n, q in enumerate(aspects)]})
    if prompt.startswith(_GAPS):
        return json.dumps({"questions": []})
    if prompt.startswith(_REPORT):
        return _report(prompt.removeprefix(_REPORT).lstrip(": "), messages)
    return None


def _report(topic: str, messages: list[Message]) -> str:
    system = "\n".join(text_of(message) for message in messages if message.get("role") == "system")
    lines = [f"- {found['text'].strip()} [{found['number']}]" for found in _SOURCE.finditer(system)]
    return "\n".join([f"# {topic}", "", *lines])
