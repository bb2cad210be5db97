"""Plays the planner and the writer of a research.

Questions are JSON, a report, a section or a summary has a line for each numbered source, and what is to be condensed is
cut off after so many words.
"""

from __future__ import annotations

import json
import re

from owui_sync.sandbox.provider.prompts import Message, last_user_text, text_of

_PLAN = re.compile(
    r"^Plan a research .*?(?P<number>\d+) questions.*^Topic: (?P<topic>[^\n]+)", re.DOTALL | re.MULTILINE
)
_GAPS = "Below are the findings of a research"
_DEEPER = re.compile(
    r"^Below is a finding of a research.*?at\s+most (?P<number>\d+).*?^Question: (?P<question>[^\n]+)",
    re.DOTALL | re.MULTILINE,
)
_CONDENSE = re.compile(
    r"^Condense the finding .*?at most (?P<number>\d+) words.*?^Finding:\n(?P<text>.*)", re.DOTALL | re.MULTILINE
)
_WRITE = re.compile(r"^Write the (?:report|section|summary): (?P<title>.*)", re.DOTALL)
_SOURCE = re.compile(r"^\[(?P<number>\d+)\] [^\n]*\n(?P<text>[^\n]+)", re.MULTILINE)

_ASPECTS = ("What is {}?", "How is {} used?", "What does {} cost?", "Who decides on {}?", "What comes after {}?")
_BELOW = ("What is behind it: {}", "What follows from it: {}", "Who says so: {}")


def research_answer(messages: list[Message]) -> str | None:
    """Return the answer to a prompt of a research; None for any other prompt."""
    prompt = last_user_text(messages)
    if found := _PLAN.search(prompt):
        aspects = [_ASPECTS[n % len(_ASPECTS)].format(found["topic"].strip()) for n in range(int(found["number"]))]
        kinds = ("general", "search")
        return json.dumps({"questions": [{"question": q, "kind": kinds[n % 2]} for n, q in enumerate(aspects)]})
    if prompt.startswith(_GAPS):
        return json.dumps({"questions": []})
    if found := _DEEPER.search(prompt):
        below = [_BELOW[n % len(_BELOW)].format(found["question"].strip()) for n in range(int(found["number"]))]
        return json.dumps({"questions": [{"question": q, "kind": "general"} for q in below]})
    if found := _CONDENSE.search(prompt):
        return " ".join(found["text"].split()[: int(found["number"])])
    if found := _WRITE.match(prompt):
        return _report(found["title"].strip(), messages)
    return None


def _report(topic: str, messages: list[Message]) -> str:
    system = "\n".join(text_of(message) for message in messages if message.get("role") == "system")
    lines = [f"- {found['text'].strip()} [{found['number']}]" for found in _SOURCE.finditer(system)]
    return "\n".join([f"# {topic}", "", *lines])
