"""Skills: instructions that models read when they need them, since 0.8.0.

A row has `id` (lower case, unique), `name` (unique), `description`, `meta` (`tags`, `i18n`), `is_active`,
`access_grants`, `user_id`, `created_at` and `updated_at` (seconds), and since 0.12.4 `version_id`.

Read in full, it has `files` here in every version: mappings of `path`, `content` and, for what is no text,
`encoding: base64`. `SKILL.md` is always among them, and before 0.12.4 it is the only one.
"""

from __future__ import annotations

from collections.abc import Sequence

from owui_sync.client.capabilities import Feature, can
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, as_row, as_rows, segment
from owui_sync.client.writer import Writer

_LIST = "/api/v1/skills/"
_EXPORT = "/api/v1/skills/export"
_CREATE = "/api/v1/skills/create"

MAIN = "SKILL.md"
"""The file that every skill has."""


async def list_all(reader: Reader) -> list[Row]:
    """Return all skills, since 0.12.4 without `files`. One request; none before 0.8.0."""
    if not await can(reader, Feature.SKILLS):
        return []
    if await can(reader, Feature.SKILL_FILES):
        return as_rows(await reader.get(_LIST), "GET", _LIST, ("id", "name"))
    return [_whole(row) for row in as_rows(await reader.get(_EXPORT), "GET", _EXPORT, ("id", "name", "content"))]


async def files(reader: Reader, skill_id: str) -> list[Row]:
    """Return the files of a skill. One request; since 0.12.4."""
    package = as_row(await reader.get(_EXPORT, ids=skill_id), "GET", _EXPORT)
    return as_rows(package.get("files"), "GET", _EXPORT, ("path", "content"))


async def create(writer: Writer, body: Row) -> Row:
    """Make a skill. One request.

    Args:
        writer: the client.
        body: `id`, `name`, and `content`, or since 0.12.4 `files` (all files, `SKILL.md` among them); `description`,
            `meta`, `is_active`, `access_grants`, `commit_message`.

    Raises:
        Conflict: the id is taken, or the name (before 0.12.4 that is an ApiError without a reason).
    """
    row = as_row(await writer.create(_CREATE, body), "POST", _CREATE)
    sent: Row = {key: body[key] for key in ("files", "content") if key in body}
    return _whole({**sent, **row})


async def update(writer: Writer, skill_id: str, body: Row) -> Row:
    """Replace a skill with the body of `create`. One request.

    Since 0.12.4 access is ignored; `content` replaces `SKILL.md` and keeps other files, `files` replaces all and needs
    `expected_version_id`, the version that the change was made for.

    Raises:
        Conflict: it has another version by now, or another skill has the name.
    """
    path = _path(skill_id, "update")
    return _whole(as_row(await writer.update(path, body), "POST", path))


async def set_access(writer: Writer, skill_id: str, grants: Sequence[Row]) -> Row:
    """Replace all grants. One request."""
    path = _path(skill_id, "access/update")
    return _whole(as_row(await writer.update(path, {"access_grants": list(grants)}), "POST", path))


async def delete(writer: Writer, skill_id: str) -> None:
    """Delete a skill with its history. One request."""
    await writer.delete(_path(skill_id, "delete"))


def _whole(row: Row) -> Row:
    """Return the row with its files in `files`, where every version has them."""
    files = row.get("files") or (row.get("data") or {}).get("files") or [{"path": MAIN, "content": row["content"]}]
    return {key: value for key, value in row.items() if key not in ("content", "data", "user")} | {"files": files}


def _path(skill_id: str, action: str) -> str:
    return f"/api/v1/skills/id/{segment(skill_id)}/{action}"
