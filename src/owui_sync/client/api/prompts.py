"""Prompts. Every writing call but `delete` answers with a `PromptRow`.

Before 0.8.0 the command of a prompt is its only id, and cannot be changed. The server puts a slash in front of it,
which is neither taken nor given here, and says `title` for `name`. There are no tags, versions or inactive prompts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Required, cast

from owui_sync.client.capabilities import Feature, can
from owui_sync.client.concurrency import gather_or_cancel
from owui_sync.client.errors import PartialList
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, SharedRow, as_row, as_rows, segment
from owui_sync.client.writer import Writer

_ACTIVE = "/api/v1/prompts/"
_PAGES = "/api/v1/prompts/list"
_CREATE = "/api/v1/prompts/create"
_VIEW_FIELDS = ("user", "write_access")
_NEEDS = ("id", "command", "name", "content")
_OLD_NEEDS = ("command", "title", "content")


class PromptRow(SharedRow, total=False):
    """A prompt, as measured on servers of all tested versions.

    Keys, besides those of `SharedRow`:
        id: a UUID; before 0.8.0 the command.
        command: unique, verbatim, without a slash in front unless somebody wrote one since 0.8.0.
        name: the title in lists.
        content: the text, byte for byte.
        tags: since 0.8.0; in any order.
        data: since 0.8.0; can be replaced, but not emptied.
        meta: as `data`.
        is_active: since 0.8.0; no update sets it, `toggle` does.
        version_id: since 0.8.0; moves with command, name, content and tags.
        user_id: the owner.
        created_at: since 0.8.0; seconds since 1970.
        updated_at: as `created_at`.
        timestamp: before 0.8.0, the last change in seconds since 1970.
    """

    id: Required[str]
    command: Required[str]
    name: Required[str]
    content: Required[str]
    tags: list[str] | None
    data: dict[str, Any] | None
    meta: dict[str, Any] | None
    is_active: bool
    version_id: str | None
    user_id: str
    created_at: int
    updated_at: int
    timestamp: int


async def list_all(reader: Reader) -> list[PromptRow]:
    """Return all prompts, inactive ones too, as `PromptRow`.

    One list has all active prompts in one answer, the other has all prompts in pages of 30 and their number. So this
    takes two requests while no prompt is inactive, and else as many pages more as it takes to meet the inactive ones.
    Before 0.8.0 one list has all. One with a command without a slash, which no route can reach there, is left out.

    Raises:
        PartialList: the two lists did not fit together, twice.
    """
    if not await can(reader, Feature.PROMPT_IDS):
        rows = as_rows(await reader.get(_ACTIVE), "GET", _ACTIVE, _OLD_NEEDS)
        return [_modern(row) for row in rows if row["command"].startswith("/")]
    for _ in range(2):
        found, total = await _read(reader)
        if len(found) == total:
            return list(found.values())
    raise PartialList(_PAGES, len(found), total)


async def with_users(reader: Reader) -> list[Any]:
    """Return all prompts, inactive ones too, as `PromptRow` with the owner in `user` besides.

    One request for 30; before 0.8.0 one for all.
    """
    if await can(reader, Feature.PROMPT_IDS):
        return await reader.pages(_PAGES, needs=_NEEDS)
    rows = as_rows(await reader.get(_PAGES), "GET", _PAGES, _OLD_NEEDS)
    return [_modern(row) for row in rows if row["command"].startswith("/")]


async def create(writer: Writer, body: Row) -> PromptRow:
    """Make a prompt; it is active. One request.

    Args:
        writer: the client.
        body: `command`, `name`, `content` (all needed), `tags`, `data`, `meta`, `access_grants` (before 0.8.0
            `access_control`: without it the prompt is public), `commit_message`.

    Raises:
        Conflict: the command is taken.
    """
    if await can(writer, Feature.PROMPT_IDS):
        return as_row(await writer.create(_CREATE, body), "POST", _CREATE, PromptRow)
    return _modern(as_row(await writer.create(_CREATE, _old(body)), "POST", _CREATE))


async def update(writer: Writer, prompt_id: str, body: Row) -> PromptRow:
    """Replace command, name, content and tags (null or left out keeps the tags). One request.

    `data` and `meta` can be replaced, but not emptied: `{}` keeps them. `access_grants` are ignored since 0.12.4,
    and applied before: send them always, compare the row that comes back, and call `set_access` if they differ.
    Before 0.8.0 send `access_control` (left out, it makes the prompt public); another command is ignored there.

    Raises:
        Conflict: the command belongs to another prompt.
    """
    if await can(writer, Feature.PROMPT_IDS):
        path = _path(prompt_id, "update")
        return as_row(await writer.update(path, body), "POST", path, PromptRow)
    path = _old_path(prompt_id, "update")
    return _modern(as_row(await writer.update(path, _old(body)), "POST", path))


async def toggle(writer: Writer, prompt_id: str) -> PromptRow:
    """Switch between active and inactive; the row says what it is now. One request, sent once; since 0.8.0."""
    path = _path(prompt_id, "toggle")
    return as_row(await writer.toggle(path), "POST", path, PromptRow)


async def set_access(writer: Writer, prompt_id: str, grants: Sequence[Row]) -> PromptRow:
    """Replace all grants, each `{"principal_type", "principal_id", "permission"}`. One request; since 0.8.0."""
    path = _path(prompt_id, "access/update")
    return as_row(await writer.update(path, {"access_grants": list(grants)}), "POST", path, PromptRow)


async def delete(writer: Writer, prompt_id: str) -> None:
    """Delete a prompt with its history. One request."""
    new = await can(writer, Feature.PROMPT_IDS)
    await writer.delete(_path(prompt_id, "delete") if new else _old_path(prompt_id, "delete"))


async def _read(reader: Reader) -> tuple[dict[str, PromptRow], int]:
    """Return the prompts by id as far as they were found, and how many there are."""
    active, (rows, total) = await gather_or_cancel(reader.get(_ACTIVE), reader.page(_PAGES, 1, needs=_NEEDS))
    found: dict[str, PromptRow] = {row["id"]: row for row in as_rows(active, "GET", _ACTIVE, _NEEDS)}
    page = 1
    while True:
        for row in rows:
            for name in _VIEW_FIELDS:
                row.pop(name, None)
            found.setdefault(row["id"], row)
        if len(found) >= total or not rows:
            return found, total
        page += 1
        rows, total = await reader.page(_PAGES, page, needs=_NEEDS)


def _path(prompt_id: str, action: str) -> str:
    return f"/api/v1/prompts/id/{segment(prompt_id)}/{action}"


def _old_path(command: str, action: str) -> str:
    return f"/api/v1/prompts/command/{segment(command)}/{action}"


def _old(body: Row) -> Row:
    """Return a body as servers before 0.8.0 take it; they drop what they do not know."""
    return {**body, "command": f"/{body['command']}", "title": body["name"]}


def _modern(row: Row) -> PromptRow:
    """Return a row of a server before 0.8.0 with the names of today."""
    command = row["command"].removeprefix("/")
    kept = {key: value for key, value in row.items() if key != "title"}
    return cast("PromptRow", {**kept, "id": command, "command": command, "name": row["title"]})
