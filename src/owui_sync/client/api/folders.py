"""Folders for chats. Every user has a tree of their own; names are unique below one parent, without regard to case.

Every writing call but `delete` answers with a `FolderRow`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Required, TypedDict
from uuid import uuid4

from owui_sync.client.capabilities import Feature, can
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, as_row, as_rows, segment
from owui_sync.client.writer import Writer

_LIST = "/api/v1/folders/"


class FolderRow(TypedDict, total=False):
    """A folder, as measured on servers of all tested versions.

    Keys:
        id: a UUID.
        name: unique below one parent, in whatever case.
        parent_id: the folder that it lies in; null at the top.
        data: `system_prompt` and `files`; no list has it.
        meta: `icon` and what programs keep in it; a list has the icon alone.
        is_expanded: whether the web page shows what lies in it.
        access_grants: since 0.10.0; only `get` has it.
        user_id: the owner.
        created_at: seconds since 1970.
        updated_at: seconds since 1970; moves when the web page opens or closes the folder, and not with access.
    """

    id: Required[str]
    name: Required[str]
    parent_id: str | None
    data: dict[str, Any] | None
    meta: dict[str, Any] | None
    is_expanded: bool
    access_grants: list[Row]
    user_id: str
    created_at: int
    updated_at: int


async def own(reader: Reader) -> list[FolderRow]:
    """Return the user's own folders without `data`, and with the icon alone in `meta`. One request.

    Not purely a read: the server puts a folder whose parent is gone at the top, and takes knowledge bases and files
    that the user may no longer read out of folders. Up to 0.8.12 it writes every folder with `data.files` anew each
    time, so that its `updated_at` always moves, and takes out what even an administrator was not given by name.
    """
    return as_rows(await reader.get(_LIST), "GET", _LIST, ("id", "name"))


async def get(reader: Reader, folder_id: str) -> FolderRow:
    """Return one folder in full. One request.

    Raises:
        NotFound: there is no such folder, or another user's (since 0.10 administrators get those too).
    """
    path = _path(folder_id)
    return as_row(await reader.get(path), "GET", path, FolderRow)


async def create(writer: Writer, name: str, parent_id: str | None, data: Row, meta: Row) -> FolderRow:
    """Make a folder below another or, without `parent_id`, at the top. One request; before 0.8.0 three below another.

    Before 0.8.0 it is made at the top under a name of its own, moved, and then named: the name may be taken at the top.

    Raises:
        ApiError: 400 `Folder already exists`: the name is taken, in whatever case.
    """
    if parent_id is None or await can(writer, Feature.FOLDER_PARENT_AT_CREATE):
        place = {"parent_id": parent_id} if parent_id else {}
        return await _create(writer, {"name": name, "data": data, "meta": meta, **place})
    row = await _create(writer, {"name": f"{name} ({uuid4()})", "data": data, "meta": meta})
    await move(writer, row["id"], parent_id)
    return await update(writer, row["id"], {"name": name})


async def update(writer: Writer, folder_id: str, body: Row) -> FolderRow:
    """Replace `name`, merge `data` and `meta` into what is there; what is not in `body` stays. One request.

    A key of `data` or `meta` cannot be taken away, only be set to null.
    """
    path = _path(folder_id, "/update")
    return as_row(await writer.update(path, body), "POST", path, FolderRow)


async def move(writer: Writer, folder_id: str, parent_id: str | None) -> FolderRow:
    """Put a folder below another, or with None at the top. One request.

    Raises:
        ApiError: 400: there is a folder of its name already, or (since 0.11.4) the new parent lies below it. Older
            servers make the circle and lose the folders from sight.
    """
    path = _path(folder_id, "/update/parent")
    return as_row(await writer.update(path, {"parent_id": parent_id}), "POST", path, FolderRow)


async def set_access(writer: Writer, folder_id: str, grants: Sequence[Row]) -> FolderRow:
    """Replace all grants, each `{"principal_type", "principal_id", "permission"}`. One request; since 0.10.0."""
    path = _path(folder_id, "/access/update")
    return as_row(await writer.update(path, {"access_grants": list(grants)}), "POST", path, FolderRow)


async def delete(writer: Writer, folder_id: str) -> None:
    """Delete a folder and all folders below it; the chats in them stay and have no folder any more. One request."""
    await writer.delete(_path(folder_id), delete_contents=False)


async def _create(writer: Writer, body: Row) -> FolderRow:
    return as_row(await writer.create(_LIST, body), "POST", _LIST, FolderRow)


def _path(folder_id: str, action: str = "") -> str:
    return f"/api/v1/folders/{segment(folder_id)}{action}"
