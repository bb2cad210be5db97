"""Answers the prompts that Open WebUI sends on its own: title, tags, follow-ups, queries and the like, as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from owui_sync.sandbox.provider.embeddings import words
from owui_sync.sandbox.provider.prompts import last_said


def task_answer(prompt: str) -> str | None:
    """Return the JSON that a task of Open WebUI asks for; None for any other prompt.

    The default templates of all versions begin alike and show the key of the JSON that they want.
    """
    if not prompt.lstrip().startswith("### Task:"):
        return None
    instructions = prompt.partition("<chat_history>")[0]
    for key, answer in _TASKS.items():
        if re.search(rf'\{{\s*"{key}":', instructions):
            return json.dumps({key: answer(prompt)}, ensure_ascii=False)
    return None


def _title(prompt: str) -> str:
    return " ".join(last_said(prompt).split()[:5]).rstrip(".,:;!?") or "New Chat"


def _tags(prompt: str) -> list[str]:
    longest = sorted(set(words(last_said(prompt))), key=lambda word: (-len(word), word))
    return ["General", *(word.capitalize() for word in longest[:2])]


def _follow_ups(prompt: str) -> list[str]:
    subject = _title(prompt)
    return [f"Tell me more about: {subject}", f"Give an example of: {subject}", f"What speaks against: {subject}"]


def _queries(prompt: str) -> list[str]:
    return [last_said(prompt)[:200]]


def _image(prompt: str) -> str:
    return f"A picture of: {last_said(prompt)[:200]}"


def _completion(prompt: str) -> str:
    return "and so on."


_TASKS: dict[str, Callable[[str], Any]] = {
    "title": _title,
    "tags": _tags,
    "follow_ups": _follow_ups,
    "queries": _queries,
    "prompt": _image,
    "text": _completion,
}
