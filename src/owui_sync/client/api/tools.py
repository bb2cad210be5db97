"""Tools: Python sources whose methods models may call, and the tool servers beside them.

The server runs a source whenever it is created or updated, and before that installs its `requirements`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Required, TypedDict

from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, SharedRow, as_row, as_rows, segment
from owui_sync.client.writer import Writer

_LIST = "/api/v1/tools/"
_EXPORT = "/api/v1/tools/export"
_CREATE = "/api/v1/tools/create"
_SERVERS = "/api/v1/configs/tool_servers"

PATIENCE = 600.0
"""Seconds for a request that may install the requirements of a source."""

_REWRITTEN = ("utils", "apps", "main", "config")


def rewritten(source: str) -> str:
    """Return a source as the server keeps it: imports of the old kind lead into `open_webui` (0.6.43 to 0.12.4).

    It replaces these words wherever they stand, also in comments and texts, and changes nothing else.
    """
    for package in _REWRITTEN:
        source = source.replace(f"from {package}", f"from open_webui.{package}")
    return source


class SourceRow(TypedDict, total=False):
    """What tools and functions have in common, as measured on servers of all tested versions.

    Keys:
        id: an identifier in lower case, unique among the tools, or among the functions.
        name: the shown name.
        content: the source, as `rewritten` says; not in every list.
        meta: `description`, `manifest` from the front matter, and what else was sent; tools keep that since 0.12.4.
        valves: added here, where they were read: what was set, by name, in clear text.
        user_id: who made it.
        created_at: seconds since 1970.
        updated_at: seconds since 1970.
    """

    id: Required[str]
    name: Required[str]
    content: str
    meta: dict[str, Any] | None
    valves: dict[str, Any]
    user_id: str
    created_at: int
    updated_at: int


class ToolRow(SourceRow, SharedRow, total=False):
    """A tool.

    Keys, besides those of `SourceRow` and `SharedRow`:
        specs: what models see of its methods.
    """

    specs: list[Row]
    access_grants: list[Row]
    access_control: Row | None


async def list_all(reader: Reader) -> list[ToolRow]:
    """Return all tools, without their source; tool servers that answer are among them with ids `server:*`. One request.

    The server asks each tool server for that, and waits up to ten seconds for one that is down.
    """
    return as_rows(await reader.get(_LIST), "GET", _LIST)


async def export(reader: Reader) -> list[ToolRow]:
    """Return all tools with their sources, without valves; no tool server is asked. One request."""
    return as_rows(await reader.get(_EXPORT), "GET", _EXPORT, ("id", "name", "content"))


async def servers(reader: Reader) -> list[str]:
    """Return the ids of the configured tool servers, whether they answer or not. One request; administrators only."""
    return [_server_id(number, connection) for number, connection in enumerate(await connections(reader))]


async def connections(reader: Reader) -> list[Row]:
    """Return the configured tool servers, keys included. One request; administrators only."""
    answer = as_row(await reader.get(_SERVERS), "GET", _SERVERS)
    return as_rows(answer.get("TOOL_SERVER_CONNECTIONS") or [], "GET", _SERVERS, ())


async def verify(writer: Writer, connection: Row) -> None:
    """Let the server connect to a tool server, which changes nothing. One request; administrators only.

    Raises:
        ApiError: 400, it does not answer.
    """
    await writer.update(f"{_SERVERS}/verify", connection)


async def create(writer: Writer, body: Row) -> ToolRow:
    """Make a tool. One request, which may take minutes.

    Args:
        writer: the client.
        body: `id`, `name`, `content`, `meta` (all needed), access in the form of the server's version,
            `commit_message`.

    Returns:
        The row; the answer lacks the source, so that is added as the server keeps it.

    Raises:
        Conflict: the id is taken.
        ApiError: 400, the server cannot run the source; since 0.10 it does not say why.
    """
    row = as_row(await writer.create(_CREATE, body, seconds=PATIENCE), "POST", _CREATE, ToolRow)
    return {"content": rewritten(body["content"]), **row}


async def update(writer: Writer, tool_id: str, body: Row) -> ToolRow:
    """Replace name, source and `meta`, with the body of `create`; the valves stay. One request, maybe of minutes.

    Raises:
        ApiError: 400, the server cannot run the source, or (0.12.4) the stored valves do not fit it.
    """
    path = _path(tool_id, "update")
    return as_row(await writer.update(path, body, seconds=PATIENCE), "POST", path, ToolRow)


async def set_access(writer: Writer, tool_id: str, grants: Sequence[Row]) -> ToolRow:
    """Replace all grants. One request; since 0.8.0."""
    path = _path(tool_id, "access/update")
    return as_row(await writer.update(path, {"access_grants": list(grants)}), "POST", path, ToolRow)


async def delete(writer: Writer, tool_id: str) -> None:
    """Delete a tool. One request. Raises NotFound when there is none."""
    await writer.delete(_path(tool_id, "delete"))


async def valves(reader: Reader, tool_id: str) -> Row:
    """Return the valves that were set, in clear text. One request."""
    path = _path(tool_id, "valves")
    return as_row(await reader.get(path) or {}, "GET", path)


async def set_valves(writer: Writer, tool_id: str, values: Mapping[str, Any]) -> Row:
    """Replace all valves; return those that are set then. What the source does not know, and null, is dropped.

    One request.

    Raises:
        NotFound: the source has no valves.
        ApiError: 400, a value does not fit; up to 0.8.12 the server's words may hold it.
    """
    path = _path(tool_id, "valves/update")
    return as_row(await writer.update(path, dict(values)) or {}, "POST", path)


def _path(tool_id: str, action: str) -> str:
    return f"/api/v1/tools/id/{segment(tool_id)}/{action}"


def _server_id(number: int, connection: Row) -> str:
    """Return the id as the server makes it: one without an id of its own goes by its place in the list."""
    id = (connection.get("info") or {}).get("id")
    return f"server:mcp:{id}" if connection.get("type") == "mcp" else f"server:{id or number}"
