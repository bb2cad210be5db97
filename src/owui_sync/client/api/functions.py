"""Functions: Python sources that the server itself runs, as a pipe, filter, action or event. Administrators only.

The server runs a source whenever it is created or updated, and before that installs its `requirements`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from owui_sync.client.api.tools import PATIENCE, SourceRow, rewritten
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, as_row, as_rows, segment
from owui_sync.client.writer import Writer

_EXPORT = "/api/v1/functions/export"
_CREATE = "/api/v1/functions/create"


class FunctionRow(SourceRow, total=False):
    """A function, as measured on servers of all tested versions.

    Keys, besides those of `SourceRow`:
        type: `pipe`, `filter`, `action` or (since 0.10.2) `event`, from the class in the source.
        is_active: whether it runs; no update sets it, `toggle` does.
        is_global: whether a filter or action is for all models; `toggle_global` sets it.
    """

    type: str
    is_active: bool
    is_global: bool


async def export(reader: Reader) -> list[FunctionRow]:
    """Return all functions with their sources and, in `valves`, the valves that were set. One request.

    Valves are in clear text.
    """
    rows = as_rows(await reader.get(_EXPORT, include_valves=True), "GET", _EXPORT, ("id", "name", "content"))
    for row in rows:
        row["valves"] = row.get("valves") or {}
    return rows


async def get(reader: Reader, function_id: str) -> FunctionRow:
    """Return one function without its valves. One request."""
    path = f"/api/v1/functions/id/{segment(function_id)}"
    return as_row(await reader.get(path), "GET", path, FunctionRow)


async def create(writer: Writer, body: Row) -> FunctionRow:
    """Make a function; it is neither active nor global. One request, which may take minutes.

    Args:
        writer: the client.
        body: `id`, `name`, `content`, `meta` (all needed), `commit_message`.

    Returns:
        The row; the answer lacks the source, so that is added as the server keeps it.

    Raises:
        Conflict: the id is taken.
        ApiError: 400, the server cannot run the source; since 0.10 it does not say why.
    """
    row = as_row(await writer.create(_CREATE, body, seconds=PATIENCE), "POST", _CREATE, FunctionRow)
    return {"content": rewritten(body["content"]), **row}


async def update(writer: Writer, function_id: str, body: Row) -> FunctionRow:
    """Replace name, source and `meta`, with the body of `create`; flags and valves stay. One request, maybe of minutes.

    Raises:
        ApiError: 400, the server cannot run the source and keeps the former one, which up to 0.11.4 it switches off.
    """
    path = _path(function_id, "update")
    return as_row(await writer.update(path, body, seconds=PATIENCE), "POST", path, FunctionRow)


async def toggle(writer: Writer, function_id: str) -> FunctionRow:
    """Switch between active and inactive; the row says what it is now. One request, sent once."""
    path = _path(function_id, "toggle")
    return as_row(await writer.toggle(path), "POST", path, FunctionRow)


async def toggle_global(writer: Writer, function_id: str) -> FunctionRow:
    """Switch between global and not; the row says what it is now. One request, sent once."""
    path = _path(function_id, "toggle/global")
    return as_row(await writer.toggle(path), "POST", path, FunctionRow)


async def delete(writer: Writer, function_id: str) -> None:
    """Delete a function; one that is not there is no error. One request."""
    await writer.delete(_path(function_id, "delete"))


async def valves(reader: Reader, function_id: str) -> Row:
    """Return the valves that were set, in clear text. One request."""
    path = _path(function_id, "valves")
    return as_row(await reader.get(path) or {}, "GET", path)


async def set_valves(writer: Writer, function_id: str, values: Mapping[str, Any]) -> Row:
    """Replace all valves, as `tools.set_valves`. One request."""
    path = _path(function_id, "valves/update")
    return as_row(await writer.update(path, dict(values)) or {}, "POST", path)


def _path(function_id: str, action: str) -> str:
    return f"/api/v1/functions/id/{segment(function_id)}/{action}"
