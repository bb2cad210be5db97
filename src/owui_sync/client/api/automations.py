"""Automations: prompts that the server itself gives to a model at set times, each run in a chat of its own.

A row has `id`, `name` (not unique), `data` (`prompt`, `model_id`, `rrule`, perhaps `terminal` and `target`), `meta`,
`folder_id` (since 0.11), `is_active`, `user_id`, `created_at`, `updated_at` (nanoseconds). Only since 0.9.0.
"""

from __future__ import annotations

from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, as_row, segment
from owui_sync.client.writer import Writer

_LIST = "/api/v1/automations/list"
_CREATE = "/api/v1/automations/create"


async def own(reader: Reader) -> list[Row]:
    """Return the user's own automations. One request for 30."""
    return await reader.pages(_LIST, needs=("id", "name"))


async def create(writer: Writer, body: Row) -> Row:
    """Make an automation. One request.

    Args:
        writer: the client.
        body: `name`, `data`, and perhaps `folder_id`, `meta` and `is_active`. The model is not checked.

    Raises:
        ApiError: 400: the rule is none, or never comes.
    """
    return as_row(await writer.create(_CREATE, body), "POST", _CREATE)


async def update(writer: Writer, automation_id: str, body: Row) -> Row:
    """Replace an automation: what is left out of `body` is gone afterwards. One request."""
    path = _path(automation_id, "update")
    return as_row(await writer.update(path, body), "POST", path)


async def delete(writer: Writer, automation_id: str) -> None:
    """Delete an automation; the chats of its runs stay. One request."""
    await writer.delete(_path(automation_id, "delete"))


def _path(automation_id: str, action: str) -> str:
    return f"/api/v1/automations/{segment(automation_id)}/{action}"
