"""What the provider says. The same conversation always gets the same answer.

A line of the user's prompt can ask for more than that:

    say TEXT                 answers TEXT, which may go on to the end of the prompt
    write N words            answers N words
    call tool NAME {JSON}    calls the tool, if it is offered; several lines call several
    call any tool NAME {}    calls it even if it is not
    fail KIND [VALUE]        a fault, see `script`

Else, with sources in the context, the answer is the sentence of them that fits best, cited as `[1]`. A prompt that
wants a research planned gets questions as JSON, and one that wants its report a line for each numbered source.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from owui_sync.sandbox.provider.embeddings import similarity
from owui_sync.sandbox.provider.prompts import Message, Source, last_user_text, own_words, sources, text_of
from owui_sync.sandbox.provider.research import research_answer
from owui_sync.sandbox.provider.tasks import task_answer

_CALL = re.compile(r"^(?:query:\s*)?call (?P<any>any )?tool\s+(?P<name>[\w.:-]+)\s*", re.IGNORECASE | re.MULTILINE)
_SAY = re.compile(r"^say\s+(?P<text>.+)", re.IGNORECASE | re.MULTILINE | re.DOTALL)
_WRITE = re.compile(r"^write\s+(?P<count>\d+)\s+words", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ProviderCall:
    """A tool that the model wants called, with its arguments as JSON text."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """What the model says: a text, or calls of tools."""

    text: str = ""
    calls: tuple[ProviderCall, ...] = ()


def answer(body: dict[str, Any]) -> ProviderAnswer:
    """Return the answer to the body of a request for a chat completion."""
    messages: list[Message] = body.get("messages") or []
    prompt = own_words(last_user_text(messages))
    if results := _tool_results(messages):
        return ProviderAnswer("\n".join(f"The tool answered: {result}" for result in results))
    if (task := task_answer(last_user_text(messages))) is not None:
        return ProviderAnswer(task)
    if calls := _calls(prompt, {tool["function"]["name"] for tool in body.get("tools") or []}):
        return ProviderAnswer(calls=calls)
    if (text := _prompted_calls(messages, prompt) or _dictated(prompt)) is not None:
        return ProviderAnswer(text)
    if (text := research_answer(messages)) is not None:
        return ProviderAnswer(text)
    if found := sources(messages):
        return ProviderAnswer(_cited(found, prompt))
    turn = sum(message.get("role") == "user" for message in messages)
    return ProviderAnswer(f"{body.get('model')}, turn {turn}: you said “{prompt}”.")


def _tool_results(messages: list[Message]) -> list[str]:
    results: list[str] = []
    for message in reversed(messages):
        if message.get("role") != "tool":
            break
        results.insert(0, text_of(message))
    return results


def _calls(prompt: str, offered: set[str] | None) -> tuple[ProviderCall, ...]:
    """Return the calls that the prompt asks for; without `any`, those of tools that are not `offered` are left out."""
    calls = []
    for found in _CALL.finditer(prompt):
        if offered is None or found["any"] or found["name"] in offered:
            calls.append(ProviderCall(found["name"], _leading_json(prompt[found.end() :])))
    return tuple(calls)


def _leading_json(text: str) -> str:
    try:
        arguments, _ = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return "{}"
    return json.dumps(arguments)


def _prompted_calls(messages: list[Message], prompt: str) -> str | None:
    # Without native tool calling, Open WebUI lists the tools in a system prompt and wants JSON text.
    if not any(message.get("role") == "system" and "Available Tools:" in text_of(message) for message in messages):
        return None
    calls = [{"name": call.name, "parameters": json.loads(call.arguments)} for call in _calls(prompt, None)]
    return json.dumps({"tool_calls": calls})


def _dictated(prompt: str) -> str | None:
    if found := _SAY.search(prompt):
        return found["text"].strip()
    if found := _WRITE.search(prompt):
        return " ".join(f"word{number}" for number in range(1, int(found["count"]) + 1))
    return None


def _cited(found: list[Source], question: str) -> str:
    sentences = [
        (source, sentence)
        for source in found
        for sentence in re.split(r"(?<=[.!?])\s+|\n+", source.text)
        if sentence.strip()
    ]
    source, best = max(sentences, key=lambda pair: similarity(pair[1], question))
    return f"{best.strip()} [{source.id}]" if source.id else best.strip()
