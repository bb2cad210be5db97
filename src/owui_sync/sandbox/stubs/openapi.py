"""A tool server with an OpenAPI description. It stands in for any other one: what it does not know, it only repeats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from owui_sync.sandbox.stubs.answer import StubAnswer, StubRequest
from owui_sync.sandbox.stubs.tools import StubTool, ToolFailed

_DESCRIPTION = ["openapi.json"]


def answer_openapi(request: StubRequest, tools: Mapping[str, StubTool]) -> StubAnswer:
    """Return the answer to a request to `/tools/NAME/...`.

    Operations that are none of its tools come from a description that the connection brings along: the answer says
    what was called, and with what.
    """
    name, rest = request.parts[1], request.parts[2:]
    if request.method == "GET" and rest == _DESCRIPTION:
        return StubAnswer(description(name, tools), noted={"name": name})
    called = "/".join(rest)
    arguments = {**request.query, **(request.body if isinstance(request.body, dict) else {})}
    noted = {"name": name, "tool": called, "arguments": arguments}
    if called not in tools:
        return StubAnswer({"called": f"{request.method} /{called}", "arguments": arguments}, noted=noted)
    try:
        return StubAnswer(tools[called].call(arguments), noted=noted)
    except ToolFailed as failed:
        return StubAnswer({"detail": str(failed)}, 422, noted)


def description(name: str, tools: Mapping[str, StubTool]) -> dict[str, Any]:
    """Return the OpenAPI description of a tool server."""
    return {
        "openapi": "3.1.0",
        "info": {"title": name, "version": "1", "description": "A stub of the sandbox."},
        "paths": {f"/{tool.name}": {"post": _operation(tool)} for tool in tools.values()},
    }


def _operation(tool: StubTool) -> dict[str, Any]:
    return {
        "operationId": tool.name,
        "summary": tool.description,
        "description": tool.description,
        "requestBody": {"required": True, "content": {"application/json": {"schema": tool.schema}}},
        "responses": {"200": {"description": "What it found.", "content": {"application/json": {"schema": {}}}}},
    }
