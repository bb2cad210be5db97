"""Chats of the user: the documents with their messages.

In the document, `history.messages` is a tree by id: a message has `parentId`, `childrenIds`, `role`, `content`, and
those of models `model`, `done`, `output`, `sources`, `followUps`, `usage`, `error`; `history.currentId` is the leaf
that the page shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Required, TypedDict

from owui_sync.client.capabilities import Feature, can
from owui_sync.client.errors import Forbidden, NotFound, Unauthorized
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, as_row, as_rows, segment
from owui_sync.client.writer import Writer

_LIST = "/api/v1/chats/"
_NEW = "/api/v1/chats/new"
_PINNED = "/api/v1/chats/pinned"

PAGE = 60
"""Chats on one page of a list, on all tested versions."""

_NOT_THERE = re.compile(r"do not have permission to access this resource|^Something went wrong :/")
"""What the server says with 401 to a change of a chat that is not there, or another user's (routers/chats.py)."""


class ChatTitleRow(TypedDict, total=False):
    """A chat in a list, as measured on servers of all tested versions.

    Keys:
        id: a UUID.
        title: not unique.
        created_at: seconds since 1970.
        updated_at: seconds since 1970.
    """

    id: Required[str]
    title: Required[str]
    created_at: int
    updated_at: int


class ChatRow(ChatTitleRow, total=False):
    """A chat with all its messages.

    Keys, besides those of `ChatTitleRow`:
        chat: the document.
        meta: `tags`, a list of ids, and what else the server notes.
        folder_id: the folder that it lies in.
        pinned: whether the page shows it at the top.
        archived: whether it is only in the archive.
        share_id: of the copy that others may read.
        user_id: the owner.
    """

    chat: Required[Row]
    meta: Row | None
    folder_id: str | None
    pinned: bool | None
    archived: bool
    share_id: str | None
    user_id: str


async def titles(reader: Reader) -> list[ChatTitleRow]:
    """Return id, title and times of every chat that is not archived, in folders or not, newest change first.

    One request.
    """
    answer = await reader.get(_LIST, include_folders=True, include_pinned=True)
    return as_rows(answer, "GET", _LIST, ("id", "title"))


async def page(reader: Reader, number: int) -> list[ChatTitleRow]:
    """Return one page of `PAGE` of what `titles` gives, counted from 1. One request."""
    answer = await reader.get(_LIST, include_folders=True, include_pinned=True, page=number)
    return as_rows(answer, "GET", _LIST, ("id", "title"))


async def with_title(reader: Reader, user_id: str, text: str) -> list[ChatTitleRow]:
    """Return the first page of the user's chats, archived or not, whose titles have the text, in any case of letters.

    `%` and `_` in the text stand for any letters. For administrators only, and not where the server keeps them from
    the chats of users (`ENABLE_ADMIN_CHAT_ACCESS`). One request.
    """
    path = f"/api/v1/chats/list/user/{segment(user_id)}"
    return as_rows(await reader.get(path, query=text), "GET", path, ("id", "title"))


async def unfiled(reader: Reader) -> list[ChatTitleRow]:
    """Return id, title and times of the chats that are in no folder, and neither pinned nor archived. One request."""
    return as_rows(await reader.get(_LIST), "GET", _LIST, ("id", "title"))


async def pinned(reader: Reader) -> list[ChatTitleRow]:
    """Return id, title and times of the chats that are pinned and not archived, in folders or not. One request."""
    return as_rows(await reader.get(_PINNED), "GET", _PINNED, ("id", "title"))


async def in_folder(reader: Reader, folder_id: str) -> list[ChatRow]:
    """Return the chats in a folder and in those below it, with all their messages; neither pinned nor archived.

    One request.

    A folder that is not there has no chats.
    """
    path = f"/api/v1/chats/folder/{segment(folder_id)}"
    return as_rows(await reader.get(path), "GET", path, ("id", "title"))


async def get(reader: Reader, chat_id: str) -> ChatRow:
    """Return one chat with all its messages. One request.

    Raises:
        NotFound: there is no such chat of this user's.
    """
    path = _path(chat_id)
    try:
        return as_row(await reader.get(path), "GET", path, ChatRow)
    except Unauthorized as error:
        # The server says 401 of a chat that is not there, with the words that it has for wrong tokens too.
        raise NotFound(error.method, error.path, error.status, error.detail) from error


async def create(writer: Writer, chat: Row, folder_id: str | None = None) -> ChatRow:
    """Make a chat; the server gives it its id. One request.

    Args:
        writer: the client.
        chat: the document; `title` and `history` are enough.
        folder_id: the folder that it lies in.
    """
    return as_row(await writer.create(_NEW, {"chat": chat, "folder_id": folder_id}), "POST", _NEW, ChatRow)


async def update(writer: Writer, chat_id: str, chat: Row) -> ChatRow:
    """Set keys of the document, the others stay; `updated_at` moves only with the history. One request.

    Since `Feature.HISTORY_MERGED` the messages of a `history` are merged into those that are there; before, they
    replace them all.

    Raises:
        NotFound: there is no such chat of this user's.
    """
    path = _path(chat_id)
    with _looked_for():
        return as_row(await writer.update(path, {"chat": chat}), "POST", path, ChatRow)


async def put_messages(
    writer: Writer, row: ChatRow, messages: Mapping[str, Row], shown: str | None = None, /, **chat: Any
) -> ChatRow:
    """Add or replace messages in a chat, and set keys of its document beside. One request.

    Args:
        writer: the client.
        row: the chat as it was read or written last.
        messages: by id; those of the row that are not named stay.
        shown: the message that the page shows, with all before it; None for the one that it shows already.
        chat: keys of the document, `history` excluded.

    Returns:
        The chat afterwards.
    """
    history = row["chat"].get("history") or {}
    linked = _linked({**(history.get("messages") or {}), **messages})
    if await can(writer, Feature.HISTORY_MERGED):
        sent: Row = {"messages": {id: linked[id] for id in messages}, **({"currentId": shown} if shown else {})}
    else:
        current = shown or history.get("currentId")
        sent = {**history, "messages": linked, "currentId": current}
        chat = {**chat, "messages": _shown(linked, current)}
    return await update(writer, row["id"], {**chat, "history": sent})


async def move(writer: Writer, chat_id: str, folder_id: str | None) -> ChatRow:
    """Put a chat into a folder, or with None into none; that unpins it. One request.

    Raises:
        NotFound: there is no such chat of this user's.
    """
    path = _path(chat_id, "/folder")
    with _looked_for():
        return as_row(await writer.update(path, {"folder_id": folder_id}), "POST", path, ChatRow)


@contextmanager
def _looked_for() -> Iterator[None]:
    """Say that a chat is not there, where the server speaks of rights."""
    try:
        yield
    except (Forbidden, Unauthorized) as error:
        if error.status != HTTPStatus.UNAUTHORIZED or not _NOT_THERE.search(error.detail):
            raise
        hint = "is there such a chat, and is it this user's?"
        raise NotFound(error.method, error.path, error.status, error.detail, hint=hint) from error


async def archive(writer: Writer, chat_id: str) -> bool:
    """Archive a chat that was not archived when it was read; return whether it is archived now. One request, or two.

    It stops what runs for the chat, and since 0.8 takes it out of its folder. The server has only a switch for this:
    where somebody else was faster, the first request brings the chat back, and the second archives it again.

    Raises:
        Uncertain: nobody knows whether it arrived; read the chat.
    """
    path = _path(chat_id, "/archive")
    for _ in range(2):
        if as_row(await writer.toggle(path), "POST", path).get("archived"):
            return True
    return False


def tag_id(name: str) -> str:
    """Return the id that the server gives a tag (models/tags.py): lower case, `_` for blanks."""
    return name.replace(" ", "_").lower()


async def add_tag(writer: Writer, chat_id: str, name: str) -> None:
    """Give a chat one more tag; the server keeps it under its `tag_id`. One request."""
    await writer.update(_path(chat_id, "/tags"), {"name": name})


async def tags(reader: Reader, chat_id: str) -> list[Row]:
    """Return the tags of a chat: `id` (see `tag_id`) and `name`. One request.

    Raises:
        NotFound: there is no such chat of this user's.
    """
    path = _path(chat_id, "/tags")
    return as_rows(await reader.get(path), "GET", path)


async def remove_tag(writer: Writer, chat_id: str, name: str) -> None:
    """Take a tag from a chat, by its name or id; nothing is wrong where it has none such. One request."""
    await writer.remove(_path(chat_id, "/tags"), {"name": name})


async def delete(writer: Writer, chat_id: str) -> None:
    """Delete a chat. One request.

    Raises:
        NotFound: there is no such chat of this user's.
    """
    await writer.delete(_path(chat_id))


async def delete_all(writer: Writer) -> None:
    """Delete all chats of the user, archived ones too. One request."""
    await writer.delete(_LIST)


async def emit(writer: Writer, chat_id: str, message_id: str, kind: str, data: Row) -> None:
    """Send an event about a message to the pages that show it. One request.

    Args:
        writer: the client.
        chat_id: the chat.
        message_id: a message that is there.
        kind: `status` and `source` are kept in the message; `notification` and `chat:reload` are not.
        data: what belongs to the kind.
    """
    await writer.create(_path(chat_id, f"/messages/{segment(message_id)}/event"), {"type": kind, "data": data})


def _linked(messages: Mapping[str, Row]) -> dict[str, Row]:
    """Return the messages with `childrenIds` as their `parentId`s say."""
    linked = {id: {**message, "childrenIds": []} for id, message in messages.items()}
    for id, message in linked.items():
        if message.get("parentId") in linked:
            linked[message["parentId"]]["childrenIds"].append(id)
    return linked


def _shown(messages: Mapping[str, Row], id: str | None) -> list[Row]:
    """Return the messages down to `id`: where old servers search for text."""
    shown: list[Row] = []
    while id is not None and id in messages and messages[id] not in shown:
        shown.insert(0, messages[id])
        id = messages[id].get("parentId")
    return shown


def _path(chat_id: str, action: str = "") -> str:
    return f"/api/v1/chats/{segment(chat_id)}{action}"
