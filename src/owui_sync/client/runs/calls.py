"""The calls of tools that an answer rests on."""

from __future__ import annotations

import json
from typing import Any

from owui_sync.client.chat.turn import Answer
from owui_sync.client.shapes import Row


def calls_in(answer: Answer) -> list[Row]:
    """Return the calls of tools of an answer: `name`, `arguments` and `output` as texts, and `status`.

    They are parts of its output; where the server itself asked the model which tools to call, among its sources.
    """
    results = {item.get("call_id"): item for item in answer.output if item.get("type") == "function_call_output"}
    found = []
    for item in answer.output:
        if item.get("type") == "function_call":
            result = (results.get(item.get("call_id")) or {}).get("output")
            status = {"status": item["status"]} if item.get("status") else {}
            call = {"name": item.get("name"), "arguments": item.get("arguments"), "output": _text(result)}
            found.append({**call, **status})
    return found + [_call_in(source) for source in answer.sources if source.get("tool_result")]


def _call_in(source: Row) -> Row:
    about = next((one for one in source.get("metadata") or () if isinstance(one, dict)), {})
    name = str((source.get("source") or {}).get("name") or about.get("name") or "")
    return {
        "name": name.rpartition("/")[2],
        "arguments": json.dumps(about.get("parameters") or {}, ensure_ascii=False),
        "output": _text(list(source.get("document") or ())),
    }


def _text(result: Any) -> str:
    if isinstance(result, list):
        return "".join(str(part.get("text", "")) if isinstance(part, dict) else str(part) for part in result)
    return "" if result is None else str(result)
