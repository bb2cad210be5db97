"""Automations: prompts that the server itself gives to a model at set times, each run in a chat of its own.

Only since 0.9.0.
"""

from __future__ import annotations

from typing import Any, Required, TypedDict

from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, as_row, segment
from owui_sync.client.writer import Writer

_LIST = "/api/v1/automations/list"
_CREATE = "/api/v1/automations/create"


class AutomationData(TypedDict, total=False):
    """What an automation does.

    Keys:
        prompt: what the model is asked.
        model_id: id of the model.
        rrule: when, as an RRULE.
        terminal: the terminal server that the model may use: `server_id`, `cwd`.
        target: where the answer goes: `type` (`chat` or `channel`), `channel_id`.
    """

    prompt: str
    model_id: str
    rrule: str
    terminal: dict[str, Any] | None
    target: dict[str, Any] | None


class AutomationRow(TypedDict, total=False):
    """An automation, as measured on servers of all tested versions that have them.

    Keys:
        id: a UUID.
        name: not unique; the chats of its runs are called so.
        data: what it does.
        meta: whatever was sent.
        folder_id: the folder of its chats; since 0.11.0.
        is_active: whether it runs.
        last_run_at: nanoseconds since 1970.
        next_run_at: as `last_run_at`.
        user_id: the owner.
        created_at: nanoseconds since 1970.
        updated_at: as `created_at`.
    """

    id: Required[str]
    name: Required[str]
    data: Required[AutomationData]
    meta: dict[str, Any] | None
    folder_id: str | None
    is_active: bool
    last_run_at: int | None
    next_run_at: int | None
    user_id: str
    created_at: int
    updated_at: int


async def own(reader: Reader) -> list[AutomationRow]:
    """Return the user's own automations. One request for 30."""
    return await reader.pages(_LIST, needs=("id", "name"))


async def create(writer: Writer, body: Row) -> AutomationRow:
    """Make an automation. One request.

    Args:
        writer: the client.
        body: `name`, `data`, and perhaps `folder_id`, `meta` and `is_active`. The model is not checked.

    Raises:
        ApiError: 400: the rule is none, or never comes.
    """
    return as_row(await writer.create(_CREATE, body), "POST", _CREATE, AutomationRow)


async def update(writer: Writer, automation_id: str, body: Row) -> AutomationRow:
    """Replace an automation: what is left out of `body` is gone afterwards. One request."""
    path = _path(automation_id, "update")
    return as_row(await writer.update(path, body), "POST", path, AutomationRow)


async def delete(writer: Writer, automation_id: str) -> None:
    """Delete an automation; the chats of its runs stay. One request."""
    await writer.delete(_path(automation_id, "delete"))


def _path(automation_id: str, action: str) -> str:
    return f"/api/v1/automations/{segment(automation_id)}/{action}"
