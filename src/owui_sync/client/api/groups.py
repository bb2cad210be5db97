"""Groups and their members. Every writing call but `delete` answers with a `GroupRow`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Required, TypedDict

from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, as_row, as_rows, segment
from owui_sync.client.writer import Writer

_LIST = "/api/v1/groups/"
_CREATE = "/api/v1/groups/create"


class GroupRow(TypedDict, total=False):
    """A group, as measured on servers of all tested versions.

    Keys:
        id: a UUID.
        name: not unique.
        description: what it is for.
        permissions: sections of booleans, verbatim; null where nobody set any.
        data: `{"config": {"share": ...}}`; before 0.8.0 null until somebody sets it.
        meta: always null.
        parent_group_id: since 0.12.0; the group that it lies in, or null.
        user_id: who made it.
        member_count: direct members.
        created_at: seconds since 1970.
        updated_at: seconds since 1970.
    """

    id: Required[str]
    name: Required[str]
    description: str | None
    permissions: dict[str, dict[str, bool]] | None
    data: dict[str, Any] | None
    meta: None
    parent_group_id: str | None
    user_id: str
    member_count: int
    created_at: int
    updated_at: int


async def list_all(reader: Reader) -> list[GroupRow]:
    """Return all groups, without their members (`users.pages` has those). One request.

    Administrators get all groups, other users the ones they belong to.
    """
    return as_rows(await reader.get(_LIST), "GET", _LIST, ("id", "name"))


async def members(reader: Reader, group_id: str) -> list[Row]:
    """Return the direct members of one group as brief user rows (`id`, `name`, `email`, `role`, ...). One request.

    A group that does not exist has no members: the server answers with an empty list, not with 404.
    """
    path = _path(group_id, "users")
    return as_rows(await reader.query(path), "POST", path)


async def create(writer: Writer, body: Row) -> GroupRow:
    """Make a group. One request.

    Args:
        writer: the client.
        body: `name`, `description` (both needed), `permissions`, `data`, `parent_group_id`; members are not taken.
    """
    return as_row(await writer.create(_CREATE, body), "POST", _CREATE, GroupRow)


async def update(writer: Writer, group_id: str, body: Row) -> GroupRow:
    """Replace name, description and permissions. One request.

    Args:
        writer: the client.
        group_id: id of the group.
        body: as for `create`; `permissions` and `data` are kept when they are null or left out. `permissions: {}`
            clears them; `data` is merged, so that its keys cannot be removed (up to 0.11.4 it is replaced).

    Raises:
        NotFound: there is no such group; up to 0.11.4 another ApiError with status 400.
    """
    path = _path(group_id, "update")
    return as_row(await writer.update(path, body), "POST", path, GroupRow)


async def delete(writer: Writer, group_id: str) -> None:
    """Delete a group; its members stay, its grants go (since 0.12.0), its subgroups move up. One request.

    Raises:
        NotFound: there is no such group; up to 0.11.4 that is no error.
    """
    await writer.delete(_path(group_id, "delete"))


async def add_members(writer: Writer, group_id: str, user_ids: Sequence[str]) -> GroupRow:
    """Add direct members; those who are already, and ids that do not exist, are passed over. One request."""
    path = _path(group_id, "users/add")
    return as_row(await writer.update(path, {"user_ids": list(user_ids)}), "POST", path, GroupRow)


async def remove_members(writer: Writer, group_id: str, user_ids: Sequence[str]) -> GroupRow:
    """Remove direct members; those who are none are passed over. One request."""
    path = _path(group_id, "users/remove")
    return as_row(await writer.update(path, {"user_ids": list(user_ids)}), "POST", path, GroupRow)


def _path(group_id: str, action: str) -> str:
    return f"/api/v1/groups/id/{segment(group_id)}/{action}"
