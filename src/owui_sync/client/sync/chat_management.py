"""Made from `client/facade/chat_management.py` by `make client`; do not edit."""

from __future__ import annotations

from typing import Any

from owui_sync.client.call_time import Timeout
from owui_sync.client.results import ArchiveResult, MetadataResult
from owui_sync.client.sync.base import Base


class ChatManagement(Base):
    """Chats as things to keep in order: names, tags, models, the archive."""

    def rename_chat(self, chat_id: str, new_title: str, *, timeout: Timeout = None) -> bool:
        """Give a chat another title.

        Returns:
            True when it has the title now; False on failure, and when there is no such chat.
        """
        return self._run(self._async.rename_chat(chat_id, new_title, timeout=timeout))

    def set_chat_tags(self, chat_id: str, tags: list[str] | None, *, timeout: Timeout = None) -> bool:
        """Give a chat exactly these tags.

        Args:
            chat_id: the chat.
            tags: the server takes names for the same that differ by case, or by blank and `_`. An empty list and None
                change nothing; `update_chat_metadata` with an empty list takes all tags away.

        Returns:
            True when the chat has these tags now; False on failure, and when there is no such chat.
        """
        return self._run(self._async.set_chat_tags(chat_id, tags, timeout=timeout))

    def update_chat_metadata(
        self,
        chat_id: str,
        regenerate_tags: bool = False,
        regenerate_title: bool = False,
        title: str | None = None,
        tags: list[str] | None = None,
        folder_name: str | None = None,
        *,
        timeout: Timeout = None,
    ) -> MetadataResult | None:
        """Give a chat another title, other tags, another folder.

        Args:
            chat_id: the chat.
            regenerate_tags: let a model find tags, unless `tags` are given.
            regenerate_title: let a model find a title, unless there is a `title`.
            title: the title.
            tags: exactly the tags that it is to have.
            folder_name: the folder that it is to lie in, which is made at the top if there is none of that name.

        Returns:
            `updated` (True), and what was changed: `suggested_title` and `suggested_tags` from a model, `title`,
            `tags`, `folder_name`. What a model did not make is left out. None on failure, when there is no such chat,
            when nothing was asked for, and when a model made nothing of it.
        """
        return self._run(
            self._async.update_chat_metadata(
                chat_id, regenerate_tags, regenerate_title, title, tags, folder_name, timeout=timeout
            )
        )

    def switch_chat_model(self, chat_id: str, model_ids: str | list[str], *, timeout: Timeout = None) -> bool:
        """Let other models answer in a chat from now on.

        Args:
            chat_id: the chat.
            model_ids: one model, or several that answer side by side.

        Returns:
            True when the chat has these models now; False on failure, and when there is no such chat or model.
        """
        return self._run(self._async.switch_chat_model(chat_id, model_ids, timeout=timeout))

    def list_chats(self, page: int | None = None, *, timeout: Timeout = None) -> list[dict[str, Any]] | None:
        """Return the chats of the user, newest change first; those in folders and pinned ones too, archived ones not.

        Args:
            page: one page of 60, counted from 1; None for all.

        Returns:
            Rows with `id`, `title`, `created_at`, `updated_at` (seconds since 1970); None on failure.
        """
        return self._run(self._async.list_chats(page, timeout=timeout))

    def archive_chat(self, chat_id: str, *, timeout: Timeout = None) -> bool:
        """Put a chat into the archive; that takes it out of its folder.

        Returns:
            True when it is archived now, also when it was before; False on failure, and when there is no such chat.
        """
        return self._run(self._async.archive_chat(chat_id, timeout=timeout))

    def archive_chats_by_age(
        self,
        days_since_update: float = 30,
        folder_name: str | None = None,
        dry_run: bool = False,
        *,
        timeout: Timeout = None,
    ) -> ArchiveResult:
        """Put chats into the archive that nothing was written to for a long time. Pinned chats stay where they are.

        Args:
            days_since_update: days since the last change, by the server's clock.
            folder_name: only chats of this folder, without those of folders below it; None for chats in no folder.
            dry_run: only tell which chats they are.

        Returns:
            `total_checked`, `total_archived`, `total_failed`; `archived_chats`: `{"id", "title", "updated_at"}` each
            (with `dry_run`, those that would be archived); `failed_chats`: the same with `error`; `errors`: texts.
        """
        return self._run(self._async.archive_chats_by_age(days_since_update, folder_name, dry_run, timeout=timeout))

    def delete_all_chats(self, *, timeout: Timeout = None) -> bool:
        """Delete ALL chats of the user, archived ones too. They cannot be brought back.

        Returns:
            True when they were deleted, False on failure.
        """
        return self._run(self._async.delete_all_chats(timeout=timeout))
