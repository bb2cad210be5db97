"""Chat completions in the two shapes of the OpenAI API: one document, or a stream of chunks."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable
from typing import Any

from owui_sync.sandbox.provider.answers import ProviderAnswer
from owui_sync.sandbox.provider.prompts import text_of

MODELS = ("gpt-4.1", "gpt-4.1-mini", "claude-sonnet", "stub-small", "stub-tools")

DONE = "[DONE]"


def models(more: Iterable[str] = ()) -> dict[str, Any]:
    """Return the answer to a request for the list of models: `MODELS` and these."""
    names = dict.fromkeys([*MODELS, *more])
    rows = [{"id": name, "object": "model", "created": 1735689600, "owned_by": "sandbox"} for name in names]
    return {"object": "list", "data": rows}


def error(message: str, kind: str = "server_error") -> dict[str, Any]:
    """Return an error in the form of the OpenAI API."""
    return {"error": {"message": message, "type": kind, "param": None, "code": None}}


def completion(body: dict[str, Any], answer: ProviderAnswer) -> dict[str, Any]:
    """Return the whole answer as one document."""
    text, reason = _limited(body, answer)
    message: dict[str, Any] = {"role": "assistant", "content": None if answer.calls else text}
    if answer.calls:
        message["tool_calls"] = _tool_calls(body, answer)
    choice = {"index": 0, "message": message, "finish_reason": reason}
    return {**_head(body, "chat.completion"), "choices": [choice], "usage": _usage(body, text)}


def chunks(body: dict[str, Any], answer: ProviderAnswer) -> list[str]:
    """Return the data of the events that a stream consists of, word by word, `DONE` at the end."""
    text, reason = _limited(body, answer)
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": piece} for piece in _pieces(text)]
    deltas += [{"tool_calls": [{"index": index, **call}]} for index, call in enumerate(_tool_calls(body, answer))]
    head = _head(body, "chat.completion.chunk")
    events = [{**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    events.append({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
    if (body.get("stream_options") or {}).get("include_usage"):
        events.append({**head, "choices": [], "usage": _usage(body, text)})
    return [*(json.dumps(event, ensure_ascii=False) for event in events), DONE]


def finishes(event: str) -> bool:
    """Return whether an event of a stream belongs to its regular end."""
    return event == DONE or '"finish_reason": null' not in event


def _head(body: dict[str, Any], kind: str) -> dict[str, Any]:
    now = time.time()
    return {"id": f"chatcmpl-{now:.6f}", "object": kind, "created": int(now), "model": body.get("model")}


def _limited(body: dict[str, Any], answer: ProviderAnswer) -> tuple[str, str]:
    """Return the text as far as `max_tokens` lets it go, one word being one token, and why it ends."""
    if answer.calls:
        return "", "tool_calls"
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    pieces = _pieces(answer.text)
    if limit and len(pieces) > int(limit):
        return "".join(pieces[: int(limit)]).rstrip(), "length"
    return answer.text, "stop"


def _pieces(text: str) -> list[str]:
    return re.findall(r"\s*\S+\s*", text)


def _tool_calls(body: dict[str, Any], answer: ProviderAnswer) -> list[dict[str, Any]]:
    # No two calls of a conversation may have the same id.
    turn = len(body.get("messages") or [])
    return [
        {
            "id": f"call_{turn}_{number}",
            "type": "function",
            "function": {"name": call.name, "arguments": call.arguments},
        }
        for number, call in enumerate(answer.calls, start=1)
    ]


def _usage(body: dict[str, Any], text: str) -> dict[str, int]:
    sent = sum(len(text_of(message).split()) for message in body.get("messages") or [])
    said = len(text.split())
    return {"prompt_tokens": sent, "completion_tokens": said, "total_tokens": sent + said}
