"""Made from `client/facade/folders.py` by `make client`; do not edit."""

from __future__ import annotations

from typing import Any

from owui_sync.client.sync.base import Base
from owui_sync.client.sync.timed import timed


class Folders(Base):
    """Folders for chats, and the chats in them."""

    @timed
    def create_folder(self, name: str) -> str | None:
        """Make a folder at the top, unless the user has one of that name, in upper or lower case.

        Returns:
            Id of the folder, also when it was there already; None on failure.
        """
        return self._run(self._async.create_folder(name))

    @timed
    def get_folder_id_by_name(self, name: str, suppress_log: bool = False) -> str | None:
        """Find a folder, in upper or lower case; one at the top is found before others.

        Args:
            name: its name.
            suppress_log: leave it out of the log when there is none.

        Returns:
            Id of the folder; None on failure, and when there is none.
        """
        return self._run(self._async.get_folder_id_by_name(name, suppress_log))

    @timed
    def move_chat_to_folder(self, chat_id: str, folder_id: str | None) -> bool:
        """Put a chat into a folder; that unpins it.

        Args:
            chat_id: the chat.
            folder_id: the folder; None takes the chat out of the one that it is in.

        Returns:
            True when it is there now; False on failure, and when there is no such chat or folder.
        """
        return self._run(self._async.move_chat_to_folder(chat_id, folder_id))

    @timed
    def get_chats_by_folder(self, folder_id: str) -> list[dict[str, Any]] | None:
        """Return the chats in a folder and in those below it, pinned ones too, archived ones not.

        Returns:
            Rows with all messages (`chat`), `title`, `folder_id` and more; None on failure, and when there is no such
            folder.
        """
        return self._run(self._async.get_chats_by_folder(folder_id))
