"""Channels: rooms in which users talk to each other and to models.

Where they are switched off, every route is forbidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Required

from owui_sync.client.errors import Forbidden
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, SharedRow, as_row, as_rows, segment
from owui_sync.client.writer import Writer

_LIST = "/api/v1/channels/list"
_CREATE = "/api/v1/channels/create"
_SWITCHED_OFF = ("Channels is disabled", "Channels are not enabled")


class ChannelRow(SharedRow, total=False):
    """A channel, as measured on servers of all tested versions.

    Keys, besides those of `SharedRow`:
        id: a UUID.
        name: not unique; a new one is stored in lower case.
        type: empty, or `group` or `dm` for those that belong to people.
        description: what it is about.
        is_private: what an update has to repeat, as `data` and `meta`.
        data: null where nobody set any.
        meta: null where nobody set any.
        user_id: who made it.
        created_at: nanoseconds since 1970.
        updated_at: nanoseconds since 1970.
    """

    id: Required[str]
    name: Required[str]
    type: str | None
    description: str | None
    is_private: bool | None
    data: dict[str, Any] | None
    meta: dict[str, Any] | None
    user_id: str
    created_at: int
    updated_at: int


async def list_all(reader: Reader) -> list[ChannelRow]:
    """Return the channels of all users, without those that belong to people. One request; administrators only."""
    rows = as_rows(await reader.get(_LIST), "GET", _LIST, ("id", "name"))
    return [row for row in rows if not row.get("type")]


def are_switched_off(error: Forbidden) -> bool:
    """Return whether a request was refused because the server has channels switched off."""
    return error.detail.startswith(_SWITCHED_OFF)


async def create(writer: Writer, body: Row) -> ChannelRow:
    """Make a channel: `name`, `description`, `is_private`, `data`, `meta` and access. One request."""
    return as_row(await writer.create(_CREATE, body), "POST", _CREATE, ChannelRow)


async def update(writer: Writer, channel_id: str, body: Row) -> ChannelRow:
    """Replace a channel; what is not sent is emptied. One request.

    Since 0.12.4 access is ignored, before it is replaced as well.
    """
    path = _path(channel_id, "update")
    return as_row(await writer.update(path, body), "POST", path, ChannelRow)


async def set_access(writer: Writer, channel_id: str, grants: Sequence[Row]) -> ChannelRow:
    """Replace all grants. One request; since 0.12.4."""
    path = _path(channel_id, "access/update")
    return as_row(await writer.update(path, {"access_grants": list(grants)}), "POST", path, ChannelRow)


async def delete(writer: Writer, channel_id: str) -> None:
    """Delete a channel with its messages. One request."""
    await writer.delete(_path(channel_id, "delete"))


def _path(channel_id: str, action: str) -> str:
    return f"/api/v1/channels/{segment(channel_id)}/{action}"
