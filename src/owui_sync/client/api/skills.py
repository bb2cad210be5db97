"""Skills: instructions that models read when they need them, since 0.8.0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Required, TypedDict, cast

from owui_sync.client.capabilities import Feature, can
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, as_row, as_rows, segment
from owui_sync.client.writer import Writer

_LIST = "/api/v1/skills/"
_EXPORT = "/api/v1/skills/export"
_CREATE = "/api/v1/skills/create"

MAIN = "SKILL.md"
"""The file that every skill has."""


class SkillFile(TypedDict, total=False):
    """A file of a skill.

    Keys:
        path: its place in the skill, with slashes.
        content: its text, or its bytes in base64.
        encoding: `base64` for what is no text.
    """

    path: Required[str]
    content: Required[str]
    encoding: str


class SkillRow(TypedDict, total=False):
    """A skill, as measured on servers of all tested versions.

    Keys:
        id: in lower case, unique.
        name: unique.
        description: what it is for; models choose by it.
        meta: `tags`, `i18n`.
        is_active: whether models can use it.
        files: added here, for a skill that was read in full. `SKILL.md` is always among them; before 0.12.4 it is the
            only one, which the server has as `content`.
        version_id: since 0.12.4; moves with name, description and files.
        access_grants: who may see and change it.
        user_id: who made it.
        created_at: seconds since 1970.
        updated_at: seconds since 1970.
    """

    id: Required[str]
    name: Required[str]
    description: str | None
    meta: dict[str, Any] | None
    is_active: bool
    files: list[SkillFile]
    version_id: str | None
    access_grants: list[Row]
    user_id: str
    created_at: int
    updated_at: int


async def list_all(reader: Reader) -> list[SkillRow]:
    """Return all skills, since 0.12.4 without `files`. One request; none before 0.8.0."""
    if not await can(reader, Feature.SKILLS):
        return []
    if await can(reader, Feature.SKILL_FILES):
        return as_rows(await reader.get(_LIST), "GET", _LIST, ("id", "name"))
    return [_whole(row) for row in as_rows(await reader.get(_EXPORT), "GET", _EXPORT, ("id", "name", "content"))]


async def files(reader: Reader, skill_id: str) -> list[SkillFile]:
    """Return the files of a skill. One request; since 0.12.4."""
    package = as_row(await reader.get(_EXPORT, ids=skill_id), "GET", _EXPORT)
    return as_rows(package.get("files"), "GET", _EXPORT, ("path", "content"))


async def create(writer: Writer, body: Row) -> SkillRow:
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


async def update(writer: Writer, skill_id: str, body: Row) -> SkillRow:
    """Replace a skill with the body of `create`. One request.

    Since 0.12.4 access is ignored; `content` replaces `SKILL.md` and keeps other files, `files` replaces all and needs
    `expected_version_id`, the version that the change was made for.

    Raises:
        Conflict: it has another version by now, or another skill has the name.
    """
    path = _path(skill_id, "update")
    return _whole(as_row(await writer.update(path, body), "POST", path))


async def set_access(writer: Writer, skill_id: str, grants: Sequence[Row]) -> SkillRow:
    """Replace all grants. One request."""
    path = _path(skill_id, "access/update")
    return _whole(as_row(await writer.update(path, {"access_grants": list(grants)}), "POST", path))


async def delete(writer: Writer, skill_id: str) -> None:
    """Delete a skill with its history. One request."""
    await writer.delete(_path(skill_id, "delete"))


def _whole(row: Row) -> SkillRow:
    """Return the row with its files in `files`, where every version has them."""
    files = row.get("files") or (row.get("data") or {}).get("files") or [{"path": MAIN, "content": row["content"]}]
    kept = {key: value for key, value in row.items() if key not in ("content", "data", "user")}
    return cast("SkillRow", {**kept, "files": files})


def _path(skill_id: str, action: str) -> str:
    return f"/api/v1/skills/id/{segment(skill_id)}/{action}"
