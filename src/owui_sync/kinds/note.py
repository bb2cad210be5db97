"""Notes: Markdown texts of the token's user. Titles are not unique on the server; a list cuts the text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from owui_sync.client.api import notes
from owui_sync.client.api.notes import NoteRow
from owui_sync.client.reader import Reader
from owui_sync.kinds import access
from owui_sync.kinds.fields import key_schema, text
from owui_sync.kinds.lifecycle import Lifecycle, Visibility
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.rows import Row, set_among, set_besides
from owui_sync.kinds.shared import Routes, SharedKind
from owui_sync.kinds.write import WriteRequest


class ListedNote(NoteRow, total=False):
    """A note, and whether it is from a list, which may have cut its text."""

    listed: bool


class Note(SharedKind[ListedNote]):
    name = "note"
    section = "notes"
    summary = "Notes of the user whose token is used; notes of others are never touched."
    key = key_schema("The title.", "Release checklist")
    fields = (
        text(
            "content",
            "The whole text, in Markdown, kept byte for byte.",
            "# Before a release\n\n- Tests are green\n",
            default="",
        ),
        access.FIELD,
    )
    routes: ClassVar[Routes] = notes
    lifecycle = Lifecycle(visibility=Visibility.OWN, unique=False, rename_since="0.6.43")

    def unsaid(self, row: ListedNote) -> Iterable[str]:
        return [*set_among(row, "meta"), *(f"data.{name}" for name in set_besides(row.get("data"), "content"))]

    def identity(self, row: ListedNote) -> tuple[str, str]:
        return row["title"], row["id"]

    async def read(self, reader: Reader) -> list[ListedNote]:
        """Read all with one request for 60; texts longer than the list gives stay unknown."""
        return [{**row, "listed": True} for row in await notes.own(reader)]

    async def whole(self, reader: Reader, row: ListedNote, wanted: Mapping[str, Any]) -> ListedNote:
        """Read all with one request."""
        return {**await notes.get(reader, row["id"]), "listed": False}

    def live(self, row: ListedNote, names: IdIndex) -> ObservedResource:
        content = ((row.get("data") or {}).get("content") or {}).get("md") or ""
        cut = row.get("listed", False) and len(content) >= notes.LISTED
        values = {"access": access.of_row(row, names), **({} if cut else {"content": content})}
        unknown = frozenset({"content"} if cut else ())
        marker = str(row.get("updated_at", ""))
        return ObservedResource(self.name, *self.identity(row), values, row, unknown=unknown, marker=marker)

    def body(self, row: ListedNote, write: WriteRequest) -> Row:
        """Return the text as the editor of the web page keeps it.

        The server makes the two other forms from Markdown.
        """
        content = {"json": None, "html": "", "md": write.get("content", None)}
        return {"title": write.key, **({"data": {"content": content}} if write.touches("content") else {})}
