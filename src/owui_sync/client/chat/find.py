"""Chats by title and folders by name: found, or made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from owui_sync.client.api import chats, folders
from owui_sync.client.api.chats import ChatRow, ChatTitleRow
from owui_sync.client.chat.cache import cache_for
from owui_sync.client.chat.patience import retry_when_locked
from owui_sync.client.errors import ApiError
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row
from owui_sync.client.writer import Writer


async def chat_by_title(reader: Reader, title: str) -> ChatRow | None:
    """Return the newest chat of that title that is not archived, with its messages. One request, or two.

    Where this client looked for the title before, the chat is most likely among those that changed last, which one page
    shows; a third request reads all titles if it is not. The server's own search is no way around that list: it reads
    all messages of all chats, which takes ten times as long for 5,000 chats.
    """
    looked_for = cache_for(reader).titles
    newest = _newest(await chats.page(reader, 1), title) if title in looked_for else None
    newest = newest or _newest(await chats.titles(reader), title)
    looked_for.add(title)
    return await chats.get(reader, newest["id"]) if newest else None


def _newest(rows: Sequence[ChatTitleRow], title: str) -> ChatTitleRow | None:
    same = [row for row in rows if row["title"] == title]
    return max(same, key=lambda row: row.get("updated_at") or 0, default=None)


async def folder_by_name(reader: Reader, name: str) -> str | None:
    """Return the id of the folder of that name, one at the top before others; None if there is none. One request."""
    same = [row for row in await folders.own(reader) if row["name"].casefold() == name.casefold()]
    same.sort(key=lambda row: (row.get("parent_id") is not None, row["name"] != name))
    return str(same[0]["id"]) if same else None


async def chat(writer: Writer, title: str, folder: str | None = None, **document: Any) -> ChatRow:
    """Return the newest chat of that title, or a new one, in that folder. Both are made if they do not exist.

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
        return await retry_when_locked(writer, lambda: chats.create(writer, new_chat(title, **document), folder_id))
    if folder_id and row.get("folder_id") != folder_id:
        return {**row, "folder_id": (await chats.move(writer, row["id"], folder_id)).get("folder_id")}
    return row


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
