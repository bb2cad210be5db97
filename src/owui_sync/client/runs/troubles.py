"""What goes wrong while a model answers without ending it: the result says so."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from owui_sync.client.api import tools
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.chat import token_limit
from owui_sync.client.chat.turn import Answer
from owui_sync.client.errors import ApiError
from owui_sync.client.reader import Reader
from owui_sync.client.runs.calls import calls_in
from owui_sync.client.shapes import Row
from owui_sync.client.writer import Writer

_SERVER, _MCP = "server:", "server:mcp:"
_SEARCH = "web_search"
NOT_SEARCHED = (
    "the web was not searched, or nothing was found: "
    "the server may have web search switched off, or the user may not use it"
)


def failure_of(call: Mapping[str, Any]) -> str | None:
    """Return why a call of a tool failed, in the server's words; None if it did not.

    Args:
        call: `name`, `output` as text, and `status` as the server has it.
    """
    output = str(call.get("output") or "").strip()
    words = _error_in(output)
    if words is None and call.get("status") != "failed" and not output.startswith("Error: Tool "):
        return None
    return f"{call['name']}: {words or output or 'it failed'}"


def failures_at_end(calls: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return why tools failed, for each tool whose last call did."""
    last = {str(call["name"]): failure_of(call) for call in calls}
    return [words for words in last.values() if words]


def told_at(message: Mapping[str, Any], *, searches: bool = False) -> list[str]:
    """Return what the server tells of failures at a message: a tool server or a search engine that does not answer.

    Args:
        message: as it is stored.
        searches: the web was to be searched for it. A server that has that switched off says nothing at all; before
            0.11 no server tells of a search, whose pages are among the sources all the same.
    """
    rows = [row for row in message.get("statusHistory") or () if isinstance(row, Mapping)]
    told = [_words(row) for row in rows if row.get("error")]
    was_searched = any(str(row.get("action")).startswith(_SEARCH) for row in rows) or any(
        (source.get("source") or {}).get("type") == _SEARCH for source in message.get("sources") or ()
    )
    return [*told, NOT_SEARCHED] if searches and not was_searched else told


def problems_of(answer: Answer, messages: Mapping[str, Row], *, searches: bool = False) -> tuple[str, ...]:
    """Return in words what is wrong with an answer that did not fail.

    These are tools that failed, tool servers and searches without an answer, and an end that is missing.

    Args:
        answer: the answer.
        messages: those of its chat, by id.
        searches: the web was to be searched for it.
    """
    told = told_at(messages.get(answer.message_id) or {}, searches=searches)
    return distinct([*told, *failures_at_end(calls_in(answer)), *([token_limit.words()] if answer.at_limit else ())])


async def without_tools(reader: Reader, missing: Sequence[str]) -> list[str]:
    """Return in words why these ids of tools are not in the list of tools. One request if any is a tool server."""
    configured: list[str] = []
    if any(id.startswith(_SERVER) for id in missing):
        try:
            configured = await tools.servers(reader)
        except ApiError:  # Only administrators see it.
            configured = []
    return [f"the tool server {id} does not answer" if id in configured else f"there is no tool {id}" for id in missing]


async def mute_servers(writer: Writer, tool_ids: Iterable[str]) -> list[str]:
    """Return in words which MCP servers do not answer, on servers whose messages do not tell it.

    Requests: none without such servers; else one, and one for each. Ordinary users may not ask, and get nothing.
    """
    ids = {id.removeprefix(_MCP) for id in tool_ids if id.startswith(_MCP)}
    if not ids or await can(writer, Feature.MCP_FAILURES):
        return []
    try:
        known = [row for row in await tools.connections(writer) if row.get("type") == "mcp" and _id(row) in ids]
    except ApiError:
        return []
    found = []
    for row in known:
        try:
            await tools.verify(writer, row)
        except ApiError:
            found.append(f"Failed to connect to MCP server '{_id(row)}'")
    return found


def _id(row: Row) -> str:
    return str((row.get("info") or {}).get("id"))


def _words(row: Mapping[str, Any]) -> str:
    description = str(row.get("description") or row.get("action") or "something failed")
    return f"the web was not searched: {description}" if row.get("action") == _SEARCH else description


def _error_in(output: str) -> str | None:
    """Return what an answer `{"error": ...}` says, the form in which the server tells that a tool failed."""
    try:
        document = json.loads(output)
    except ValueError:
        return None
    if isinstance(document, dict) and set(document) == {"error"} and document["error"]:
        return str(document["error"])
    return None


def distinct(words: Iterable[str]) -> tuple[str, ...]:
    """Return the words, each once."""
    return tuple(dict.fromkeys(words))
