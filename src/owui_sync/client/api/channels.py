"""Channels: rooms in which users talk to each other and to models.

A row has `id`, `name` (not unique; a new one is stored in lower case), `type` (empty, or `group` or `dm` for those that
belong to people), `description`, `is_private`, `data`, `meta`, `access_grants` (before 0.8.0 `access_control`),
`user_id`, `created_at` and `updated_at` (nanoseconds). Where channels are switched off, every route is forbidden.
"""

from __future__ import annotations

from collections.abc import Sequence

from owui_sync.client.errors import Forbidden
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, as_row, as_rows, segment
from owui_sync.client.writer import Writer

_LIST = "/api/v1/channels/list"
_CREATE = "/api/v1/channels/create"
_SWITCHED_OFF = ("Channels is disabled", "Channels are not enabled")


async def list_all(reader: Reader) -> list[Row]:
    """Return the channels of all users, without those that belong to people. One request; administrators only."""
    rows = as_rows(await reader.get(_LIST), "GET", _LIST, ("id", "name"))
    return [row for row in rows if not row.get("type")]


def are_switched_off(error: Forbidden) -> bool:
    """Return whether a request was refused because the server has channels switched off."""
    return error.detail.startswith(_SWITCHED_OFF)


async def create(writer: Writer, body: Row) -> Row:
    """Make a channel: `name`, `description`, `is_private`, `data`, `meta` and access. One request."""
    return as_row(await writer.create(_CREATE, body), "POST", _CREATE)


async def update(writer: Writer, channel_id: str, body: Row) -> Row:
    """Replace a channel; what is not sent is emptied. One request.

    Since 0.12.4 access is ignored, before it is replaced as well.
    """
    path = _path(channel_id, "update")
    return as_row(await writer.update(path, body), "POST", path)


async def set_access(writer: Writer, channel_id: str, grants: Sequence[Row]) -> Row:
    """Replace all grants. One request; since 0.12.4."""
    path = _path(channel_id, "access/update")
    return as_row(await writer.update(path, {"access_grants": list(grants)}), "POST", path)


async def delete(writer: Writer, channel_id: str) -> None:
    """Delete a channel with its messages. One request."""
    await writer.delete(_path(channel_id, "delete"))


def _path(channel_id: str, action: str) -> str:
    return f"/api/v1/channels/{segment(channel_id)}/{action}"
