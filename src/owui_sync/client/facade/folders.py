"""Folders for chats, and the chats in them."""

from __future__ import annotations

from typing import Any

from owui_sync.client.api import chats, folders
from owui_sync.client.call_time import Timeout
from owui_sync.client.chat.find import folder_by_name, folder_for
from owui_sync.client.concurrency import gather_or_cancel
from owui_sync.client.errors import Missing
from owui_sync.client.facade.base import Base
from owui_sync.client.facade.failures import otherwise
from owui_sync.client.reader import Reader


class Folders(Base):
    """Folders for chats, and the chats in them."""

    @otherwise(None)
    async def create_folder(self, name: str, *, timeout: Timeout = None) -> str | None:
        """Make a folder at the top, unless the user has one of that name, in upper or lower case.

        Returns:
            Id of the folder, also when it was there already; None on failure.
        """
        return await folder_for(self._writer, name)

    @otherwise(None, lookup=True)
    async def get_folder_id_by_name(
        self, name: str, suppress_log: bool = False, *, timeout: Timeout = None
    ) -> str | None:
        """Find a folder, in upper or lower case; one at the top is found before others.

        Args:
            name: its name.
            suppress_log: leave it out of the log when there is none.

        Returns:
            Id of the folder; None on failure, and when there is none.
        """
        found = await folder_by_name(self._writer, name)
        if found is None and (not suppress_log or self.raise_on_error):
            raise Missing("folder", name, "/api/v1/folders/")
        return found

    @otherwise(False)
    async def move_chat_to_folder(self, chat_id: str, folder_id: str | None, *, timeout: Timeout = None) -> bool:
        """Put a chat into a folder; that unpins it.

        Args:
            chat_id: the chat.
            folder_id: the folder; None takes the chat out of the one that it is in.

        Returns:
            True when it is there now; False on failure, and when there is no such chat or folder.
        """
        writer = self._writer
        if folder_id is not None:
            await folders.get(writer, folder_id)  # The server would take any id, and the chat be lost from sight.
        return (await chats.move(writer, chat_id, folder_id)).get("folder_id") == folder_id

    @otherwise(None)
    async def get_chats_by_folder(self, folder_id: str, *, timeout: Timeout = None) -> list[dict[str, Any]] | None:
        """Return the chats in a folder and in those below it, pinned ones too, archived ones not.

        Returns:
            Rows with all messages (`chat`), `title`, `folder_id` and more; None on failure, and when there is no such
            folder.
        """
        reader = self._writer
        await folders.get(reader, folder_id)
        found, pinned = await gather_or_cancel(chats.in_folder(reader, folder_id), chats.pinned(reader))
        if pinned:
            below = await _below(reader, folder_id)
            rows = await gather_or_cancel(*(chats.get(reader, row["id"]) for row in pinned))
            found += [row for row in rows if row.get("folder_id") in below]
        return list(found)


async def _below(reader: Reader, folder_id: str) -> set[str]:
    """Return the ids of a folder and of all below it."""
    found, rows = {folder_id}, await folders.own(reader)
    while more := {row["id"] for row in rows if row.get("parent_id") in found} - found:
        found |= more
    return found
