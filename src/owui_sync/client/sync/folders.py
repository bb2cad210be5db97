"""Made from `client/facade/folders.py` by `make client`; do not edit."""

from __future__ import annotations

from typing import Any

from owui_sync.client.call_time import Timeout
from owui_sync.client.sync.base import Base


class Folders(Base):
    """Folders for chats, and the chats in them."""

    def create_folder(self, name: str, *, timeout: Timeout = None) -> str | None:
        """Make a folder at the top, unless the user has one of that name, in upper or lower case.

        Returns:
            Id of the folder, also when it was there already; None on failure.
        """
        return self._run(self._async.create_folder(name, timeout=timeout))

    def get_folder_id_by_name(self, name: str, suppress_log: bool = False, *, timeout: Timeout = None) -> str | None:
        """Find a folder, in upper or lower case; one at the top is found before others.

        Args:
            name: its name.
            suppress_log: leave it out of the log when there is none.

        Returns:
            Id of the folder; None on failure, and when there is none.
        """
        return self._run(self._async.get_folder_id_by_name(name, suppress_log, timeout=timeout))

    def move_chat_to_folder(self, chat_id: str, folder_id: str | None, *, timeout: Timeout = None) -> bool:
        """Put a chat into a folder; that unpins it.

        Args:
            chat_id: the chat.
            folder_id: the folder; None takes the chat out of the one that it is in.

        Returns:
            True when it is there now; False on failure, and when there is no such chat or folder.
        """
        return self._run(self._async.move_chat_to_folder(chat_id, folder_id, timeout=timeout))

    def get_chats_by_folder(self, folder_id: str, *, timeout: Timeout = None) -> list[dict[str, Any]] | None:
        """Return the chats in a folder and in those below it, pinned ones too, archived ones not.

        Returns:
            Rows with all messages (`chat`), `title`, `folder_id` and more; None on failure, and when there is no such
            folder.
        """
        return self._run(self._async.get_chats_by_folder(folder_id, timeout=timeout))
