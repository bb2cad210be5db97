"""A tool server that speaks MCP over streamable HTTP, without sessions and without a stream of its own.

Each message is one POST of JSON-RPC, answered with one document, which the protocol allows. Versions of the protocol
that open a session with `initialize` are understood, up to 2025-11-25; a client that asks for a newer way first
(`server/discover`) is told that there is no such method, and begins with `initialize`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from owui_sync.sandbox.stubs.answer import StubAnswer, StubRequest
from owui_sync.sandbox.stubs.tools import StubTool, ToolFailed

VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26")
_NO_REQUEST, _NO_METHOD, _NO_TOOL = -32600, -32601, -32602


def answer_mcp(request: StubRequest, tools: Mapping[str, StubTool]) -> StubAnswer:
    """Return the answer to a request to `/mcp/NAME`."""
    name = request.parts[1]
    if request.method != "POST":
        return StubAnswer({"detail": "only POST"}, 405, {"name": name})
    message = request.body
    if not isinstance(message, dict) or not isinstance(message.get("method"), str):
        return StubAnswer(_error(None, _NO_REQUEST, "this is no request of JSON-RPC"), 400, {"name": name})
    method, parameters = message["method"], message.get("params") or {}
    noted: dict[str, Any] = {"name": name, "message": method}
    if "id" not in message:
        return StubAnswer(None, 202, noted)
    if method == "tools/call":
        noted |= {"tool": parameters.get("name"), "arguments": parameters.get("arguments") or {}}
    return StubAnswer(_reply(message["id"], method, parameters, (name, tools)), noted=noted)


def _reply(id: Any, method: str, parameters: dict[str, Any], server: tuple[str, Mapping[str, StubTool]]) -> Any:
    name, tools = server
    if method == "initialize":
        return _result(id, _introduction(name, parameters))
    if method == "ping":
        return _result(id, {})
    if method == "tools/list":
        rows = [{"name": t.name, "description": t.description, "inputSchema": t.schema} for t in tools.values()]
        return _result(id, {"tools": rows})
    if method != "tools/call":
        return _error(id, _NO_METHOD, f"there is no method {method}")
    tool = tools.get(str(parameters.get("name")))
    if tool is None:
        return _error(id, _NO_TOOL, f"there is no tool {parameters.get('name')}")
    return _result(id, _called(tool, parameters.get("arguments")))


def _introduction(name: str, parameters: dict[str, Any]) -> dict[str, Any]:
    wanted = parameters.get("protocolVersion")
    return {
        "protocolVersion": wanted if wanted in VERSIONS else VERSIONS[0],
        "capabilities": {"tools": {"listChanged": False}},
        "serverInfo": {"name": name, "version": "1"},
    }


def _called(tool: StubTool, arguments: Any) -> dict[str, Any]:
    try:
        text, failed = json.dumps(tool.call(arguments), ensure_ascii=False), False
    except ToolFailed as error:
        text, failed = str(error), True
    return {"content": [{"type": "text", "text": text}], "isError": failed}


def _result(id: Any, result: dict[str, Any]) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": id, "result": result}


def _error(id: Any, code: int, words: str) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": words}}
