"""The part of a request that is the same in both ways to run a turn."""

from __future__ import annotations

from owui_sync.client.chat.turn import Turn
from owui_sync.client.shapes import Row


def options(turn: Turn) -> Row:
    """Return files, tools and web search of a turn, as `/api/chat/completions` takes them."""
    given = {
        "files": list(turn.files),
        "tool_ids": list(turn.tool_ids),
        "features": {"web_search": True} if turn.web_search else None,
    }
    return {"stream_options": {"include_usage": True}} | {key: value for key, value in given.items() if value}


def system(turn: Turn) -> list[Row]:
    """Return the system prompt of a turn as messages: the server takes it from there and nowhere else."""
    return [{"role": "system", "content": turn.system}] if turn.system else []
