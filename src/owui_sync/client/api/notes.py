"""Notes. Every writing call but `delete` answers with a `NoteRow`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Required

from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, SharedRow, as_row, as_rows, segment
from owui_sync.client.writer import Writer

_LIST = "/api/v1/notes/"
_SEARCH = "/api/v1/notes/search"
_CREATE = "/api/v1/notes/create"

LISTED = 1000
"""Characters of a text that a list gives at most."""


class NoteRow(SharedRow, total=False):
    """A note, as measured on servers of all tested versions.

    Keys, besides those of `SharedRow`:
        id: a UUID.
        title: not unique.
        data: `content.md` is the text; in a list it is cut at `LISTED`.
        meta: what programs keep in it; null where nobody set any.
        user_id: the owner.
        created_at: nanoseconds since 1970.
        updated_at: nanoseconds since 1970; since 0.12.4 a change of access does not move it.
    """

    id: Required[str]
    title: Required[str]
    data: dict[str, Any] | None
    meta: dict[str, Any] | None
    user_id: str
    created_at: int
    updated_at: int


async def own(reader: Reader) -> list[NoteRow]:
    """Return the user's own notes, newest change first, with access, and their text cut at `LISTED`.

    One request for 60.
    """
    return await reader.pages(_SEARCH, needs=("id", "title"), view_option="created")


async def readable(reader: Reader) -> list[NoteRow]:
    """Return the user's own notes and those that are shared with the user, newest change first. One request.

    Brief rows: the text is cut at `LISTED`, and access and owner are not told.
    """
    return as_rows(await reader.get(_LIST), "GET", _LIST, ("id", "title"))


async def get(reader: Reader, note_id: str) -> NoteRow:
    """Return one note with its whole text. One request.

    Raises:
        NotFound: there is no such note.
        Forbidden: it is another user's.
    """
    path = _path(note_id)
    return as_row(await reader.get(path), "GET", path, NoteRow)


async def create(writer: Writer, body: Row) -> NoteRow:
    """Make a note of the user's own. One request.

    Args:
        writer: the client.
        body: `title` (needed), `data`, `meta`, and access in the form of the server's version; without it the note is
            private, before 0.8.0 public.
    """
    return as_row(await writer.create(_CREATE, body), "POST", _CREATE, NoteRow)


async def update(writer: Writer, note_id: str, body: Row) -> NoteRow:
    """Replace the title, merge `data` and `meta` into what is there (no key can be taken away). One request.

    Send access always: left out, 0.8.12 and 0.10.2 wipe it. Since 0.12.4 it is ignored: compare the row that comes
    back, and call `set_access` if it differs.
    """
    path = f"{_path(note_id)}/update"
    return as_row(await writer.update(path, body), "POST", path, NoteRow)


async def set_access(writer: Writer, note_id: str, grants: Sequence[Row]) -> NoteRow:
    """Replace all grants, each `{"principal_type", "principal_id", "permission"}`. One request; since 0.8.0."""
    path = f"{_path(note_id)}/access/update"
    return as_row(await writer.update(path, {"access_grants": list(grants)}), "POST", path, NoteRow)


async def delete(writer: Writer, note_id: str) -> None:
    """Delete a note. One request."""
    await writer.delete(f"{_path(note_id)}/delete")


def _path(note_id: str) -> str:
    return f"/api/v1/notes/{segment(note_id)}"
