"""Chats by title and folders by name: found, or made."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from owui_sync.client.api import chats, folders, users
from owui_sync.client.api.chats import ChatRow, ChatTitleRow
from owui_sync.client.chat.cache import cache_for
from owui_sync.client.chat.patience import retry_when_locked
from owui_sync.client.errors import ApiError
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError

_LONGEST = 500
"""Characters of a title that an address has room for."""

PATIENCE = 2.0
"""Seconds for deleting a new chat again, after a call that failed or was cancelled."""


async def chat_by_title(reader: Reader, title: str) -> ChatRow | None:
    """Return the newest chat of that title that is not archived, with its messages.

    The page of those that changed last shows it most of the time. All titles, 1 MB for 5,000 chats, are read only where
    there are more chats than on that page, and one of them may have the title. The server's own search is no way around
    that list: it reads all messages of all chats.

    Requests: one, and one for the chat that is found. With more than a page of chats, and none of the title among them,
    one more for an administrator (and once, who that is); another one to read all titles.
    """
    rows = await chats.page(reader, 1)
    newest = _newest(rows, title)
    if newest is None and len(rows) >= chats.PAGE and not await _is_unused(reader, title):
        newest = _newest(await chats.titles(reader), title)
    return await chats.get(reader, newest["id"]) if newest else None


async def _is_unused(reader: Reader, title: str) -> bool:
    """Return whether the server says that no chat of the user has the title; False if it cannot tell.

    Only administrators may ask which chats of a user, also of their own, have a title. A backslash in it would be read
    as a sign of its own by PostgreSQL, and hide the chat.
    """
    cache = cache_for(reader)
    if not cache.finds_titles or len(title) > _LONGEST or "\\" in title:
        return False
    try:
        if cache.account is None:
            cache.account = (await users.session(reader))["id"]
        rows = await chats.with_title(reader, cache.account, title)
    except ApiError:
        cache.finds_titles = False
        return False
    return len(rows) < chats.PAGE and _newest(rows, title) is None


def _newest(rows: Sequence[ChatTitleRow], title: str) -> ChatTitleRow | None:
    same = [row for row in rows if row["title"] == title]
    return max(same, key=lambda row: row.get("updated_at") or 0, default=None)


async def folder_by_name(reader: Reader, name: str) -> str | None:
    """Return the id of the folder of that name, one at the top before others; None if there is none. One request."""
    same = [row for row in await folders.own(reader) if row["name"].casefold() == name.casefold()]
    same.sort(key=lambda row: (row.get("parent_id") is not None, row["name"] != name))
    return str(same[0]["id"]) if same else None


async def chat(writer: Writer, title: str, folder: str | None = None, **document: Any) -> tuple[ChatRow, bool]:
    """Return the newest chat of that title, or a new one, in that folder; and whether it is new.

    Both are made if they do not exist. A call that is cancelled while it makes the chat deletes it again.

    Args:
        writer: the client.
        title: the title.
        folder: the name of the folder; None to leave it where it is.
        document: more keys of the document of a new chat.

    Requests: two; with a folder one to three more.
    """
    folder_id = await folder_for(writer, folder) if folder else None
    row = await chat_by_title(writer, title)
    if row is None:
        return await _made(writer, new_chat(title, **document), folder_id), True
    if folder_id and row.get("folder_id") != folder_id:
        return {**row, "folder_id": (await chats.move(writer, row["id"], folder_id)).get("folder_id")}, False
    return row, False


async def _made(writer: Writer, document: Row, folder_id: str | None) -> ChatRow:
    making = asyncio.ensure_future(retry_when_locked(writer, lambda: chats.create(writer, document, folder_id)))
    try:
        return await asyncio.shield(making)
    except asyncio.CancelledError:
        with suppress(TimeoutError, OwuiSyncError):
            row = await asyncio.wait_for(making, PATIENCE)
            await chats.delete(writer, row["id"])
        raise


def new_chat(title: str, **document: Any) -> Row:
    """Return the document of a chat without messages."""
    empty: Row = {"messages": {}, "currentId": None}
    return {"title": title, "models": [], "params": {}, "tags": [], "files": [], "history": empty, **document}


async def folder_for(writer: Writer, name: str) -> str:
    """Return the id of the folder of that name, which is made at the top if there is none. One request, or two."""
    if found := await folder_by_name(writer, name):
        return found
    try:
        return str((await folders.create(writer, name, None, {}, {}))["id"])
    except ApiError:
        # Somebody else may have made it meanwhile.
        if found := await folder_by_name(writer, name):
            return found
        raise
