"""Made from `client/facade/notes.py` by `make client`; do not edit."""

from __future__ import annotations

from typing import Any

from owui_sync.client.call_time import Timeout
from owui_sync.client.facade.access import Access
from owui_sync.client.sync.base import Base


class Notes(Base):
    """Notes of the user, and those that others share with the user."""

    def get_notes(self, *, timeout: Timeout = None) -> list[dict[str, Any]] | None:
        """Return all notes with their whole texts, newest change first: the user's own, and those shared with the user.

        Returns:
            Rows with `id`, `title`, `data` (the Markdown is `data["content"]["md"]`), `meta`, access, `created_at` and
            `updated_at` (nanoseconds since 1970); None on failure.
        """
        return self._run(self._async.get_notes(timeout=timeout))

    def get_notes_list(self, *, timeout: Timeout = None) -> list[dict[str, Any]] | None:
        """Return all notes as `get_notes` has them, without what is in them.

        Returns:
            Rows with `id`, `title`, `created_at`, `updated_at` (nanoseconds since 1970); None on failure.
        """
        return self._run(self._async.get_notes_list(timeout=timeout))

    def create_note(
        self,
        title: str,
        data: dict[str, Any] | None = None,
        meta: dict[str, Any] | None = None,
        access_control: Access | None = None,
        *,
        timeout: Timeout = None,
    ) -> dict[str, Any] | None:
        """Make a note.

        Args:
            title: its title; others may have the same.
            data: what is in it, such as `{"content": {"md": "# Text"}}`; for a text as `content`, this is stored.
            meta: whatever a program wants to keep with it.
            access_control: who may read and change it: `"public"`, `"private"`, or
                `{"read": {"group_ids": [...], "user_ids": [...]}, "write": {...}}`; without it, only the user.

        Returns:
            The row of the new note; None on failure.
        """
        return self._run(self._async.create_note(title, data, meta, access_control, timeout=timeout))

    def get_note_by_id(self, note_id: str, *, timeout: Timeout = None) -> dict[str, Any] | None:
        """Return one note with its whole text.

        Returns:
            The row; None on failure, and when there is no such note or the user may not read it.
        """
        return self._run(self._async.get_note_by_id(note_id, timeout=timeout))

    def update_note_by_id(
        self,
        note_id: str,
        title: str | None = None,
        data: dict[str, Any] | None = None,
        meta: dict[str, Any] | None = None,
        access_control: Access | None = None,
        *,
        timeout: Timeout = None,
    ) -> dict[str, Any] | None:
        """Change a note. What is None stays as it is.

        Args:
            note_id: its id.
            title: its title.
            data: keys to set, the others stay; to replace the text: `{"content": {"md": "# Text"}}`.
            meta: keys to set, the others stay.
            access_control: who may read and change it, as in `create_note`.

        Returns:
            The row afterwards; None on failure, when there is no such note, and when nothing is given.
        """
        return self._run(self._async.update_note_by_id(note_id, title, data, meta, access_control, timeout=timeout))

    def delete_note_by_id(self, note_id: str, *, timeout: Timeout = None) -> bool:
        """Delete a note.

        Returns:
            True when it was deleted, False on failure, and when there is no such note.
        """
        return self._run(self._async.delete_note_by_id(note_id, timeout=timeout))
