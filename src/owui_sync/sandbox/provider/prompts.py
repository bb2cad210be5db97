"""Reads what Open WebUI sends: the user's own words, the sources put before them, and its task templates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """A `<source>` of the context; `id` is None if it is not to be cited."""

    id: str | None
    name: str
    text: str


def text_of(message: Message) -> str:
    """Return the text of a message whose content is a string or a list of parts."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "\n".join(part.get("text", "") for part in content if part.get("type") == "text")


def last_user_text(messages: list[Message]) -> str:
    """Return the last message of the user, as it was sent."""
    return next((text_of(message) for message in reversed(messages) if message.get("role") == "user"), "")


def own_words(prompt: str) -> str:
    """Return what the user wrote, without the context that Open WebUI puts before it."""
    return prompt.rpartition("</context>")[2].strip()


def sources(messages: list[Message]) -> list[Source]:
    """Return the sources of the system and user messages, in their order."""
    text = "\n".join(text_of(message) for message in messages if message.get("role") in {"system", "user"})
    # The template's instructions show the opening tag too; that is not where a source begins.
    found = re.findall(r"<source\b([^>]*)>((?:(?!<source\b).)*)</source>", text, re.DOTALL)
    return [Source(_attribute(a, "id"), _attribute(a, "name") or "", body.strip()) for a, body in found if body.strip()]


def chat_history(prompt: str) -> str:
    """Return the part of a task prompt that holds the conversation."""
    found = re.search(r"<chat_history>(.*)</chat_history>", prompt, re.DOTALL)
    return found[1].strip() if found else prompt


def last_said(prompt: str) -> str:
    """Return the last thing that the user said in the conversation of a task prompt."""
    turns = re.split(r"(?m)^(?=(?:USER|ASSISTANT|SYSTEM|TOOL): )", chat_history(prompt))
    said = [own_words(turn.removeprefix("USER: ")) for turn in turns if turn.startswith("USER: ")]
    return said[-1] if said else chat_history(prompt)


def _attribute(attributes: str, name: str) -> str | None:
    found = re.search(rf'\b{name}="([^"]*)"', attributes)
    return found[1] if found else None
