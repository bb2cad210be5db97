"""Notes of the user, and those that others share with the user."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from owui_sync.client import access
from owui_sync.client.api import notes
from owui_sync.client.api.notes import NoteRow
from owui_sync.client.call_time import Timeout
from owui_sync.client.capabilities import Feature, require
from owui_sync.client.concurrency import gather_or_cancel
from owui_sync.client.errors import ServerError, WrongValue
from owui_sync.client.facade.access import Access, grants_of
from owui_sync.client.facade.base import Base
from owui_sync.client.facade.failures import otherwise
from owui_sync.client.shapes import Row


class NoteContent(dict[str, Any]):
    """The content of a note: a mapping with its text as `md`, which can also be cut as if it were the text itself."""

    def __getitem__(self, key: Any) -> Any:
        return str(self.get("md") or "")[key] if isinstance(key, slice) else super().__getitem__(key)


class Notes(Base):
    """Notes of the user, and those that others share with the user."""

    @otherwise(None)
    async def get_notes(self, *, timeout: Timeout = None) -> list[dict[str, Any]] | None:
        """Return all notes with their whole texts, newest change first: the user's own, and those shared with the user.

        Returns:
            Rows with `id`, `title`, `data` (the Markdown is `data["content"]["md"]`), `meta`, access, `created_at` and
            `updated_at` (nanoseconds since 1970); None on failure.
        """
        writer = self._writer
        with _explained():
            brief, own = await gather_or_cancel(notes.readable(writer), notes.own(writer))
        whole = {row["id"]: row for row in own if len(_text(row)) < notes.LISTED}
        more = await gather_or_cancel(*(notes.get(writer, row["id"]) for row in brief if row["id"] not in whole))
        whole.update({row["id"]: row for row in more})
        return [_shown(whole[row["id"]]) for row in brief]

    @otherwise(None)
    async def get_notes_list(self, *, timeout: Timeout = None) -> list[dict[str, Any]] | None:
        """Return all notes as `get_notes` has them, without what is in them.

        Returns:
            Rows with `id`, `title`, `created_at`, `updated_at` (nanoseconds since 1970); None on failure.
        """
        keys = ("id", "title", "created_at", "updated_at")
        with _explained():
            return [{key: row.get(key) for key in keys} for row in await notes.readable(self._writer)]

    @otherwise(None, lenient=("title",))
    async def create_note(
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
        writer, grants = self._writer, grants_of(access_control or "private")
        body = {"title": title, "data": _stored(data or {}), "meta": meta or {}, **await access.part(writer, grants)}
        row = await notes.create(writer, body)
        return _shown(await access.settle(row, grants, lambda rows: notes.set_access(writer, row["id"], rows)))

    @otherwise(None, lenient=("note_id",), lookup=True)
    async def get_note_by_id(self, note_id: str, *, timeout: Timeout = None) -> dict[str, Any] | None:
        """Return one note with its whole text.

        Returns:
            The row; None on failure, and when there is no such note or the user may not read it.
        """
        return _shown(await notes.get(self._writer, note_id))

    @otherwise(None, lenient=("note_id",))
    async def update_note_by_id(
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
        if title is None and data is None and meta is None and access_control is None:
            raise WrongValue("nothing is to be updated", hint="pass a title, data, meta or access_control")
        writer, data = self._writer, None if data is None else _stored(data)
        before = await notes.get(writer, note_id)
        if meta is not None and before.get("meta") is None:
            await require(writer, Feature.NOTE_META_AT_UPDATE, "`meta` of a note that was made without any")
        grants = access.rows_of(before) if access_control is None else grants_of(access_control)
        given: Row = {"title": title or before["title"], "data": data, "meta": meta}
        body = {key: value for key, value in given.items() if value is not None}
        row = await notes.update(writer, note_id, body | await access.part(writer, grants))
        return _shown(await access.settle(row, grants, lambda rows: notes.set_access(writer, note_id, rows)))

    @otherwise(False, lenient=("note_id",))
    async def delete_note_by_id(self, note_id: str, *, timeout: Timeout = None) -> bool:
        """Delete a note.

        Returns:
            True when it was deleted, False on failure, and when there is no such note.
        """
        await notes.delete(self._writer, note_id)
        return True


@contextmanager
def _explained() -> Iterator[None]:
    """Say why a server fails that fails to list notes."""
    try:
        yield
    except ServerError as error:
        if error.status != HTTPStatus.INTERNAL_SERVER_ERROR:
            raise
        hint = "a note with a plain text as its content, as other programs write it, stops the server: delete that note"
        raise ServerError(error.method, error.path, error.status, error.detail, hint=hint) from error


def _stored(data: Mapping[str, Any]) -> Row:
    """Return the data as the server is to keep it: after a text as `content` it answers 500 to all that lists notes."""
    content = data.get("content")
    return {**data, "content": {"md": content}} if isinstance(content, str) else dict(data)


def _shown(row: NoteRow) -> Row:
    data = row.get("data") or {}
    content = data.get("content")
    return {**row, "data": {**data, "content": NoteContent(content)}} if isinstance(content, dict) else {**row}


def _text(row: NoteRow) -> str:
    content = (row.get("data") or {}).get("content") or {}
    return str(content.get("md") or "")
