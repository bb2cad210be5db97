"""Notes: Markdown texts of the token's user. Titles are not unique on the server; a list cuts the text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from owui_sync.client.api import notes
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.kinds import access
from owui_sync.kinds.base import Field, IdIndex, Kind, ObservedResource, Row, WriteRequest, set_among, set_besides
from owui_sync.kinds.unfinished import finishing
from owui_sync.values import Json


class Note(Kind):
    name = "note"
    section = "notes"
    summary = "Notes of the user whose token is used; notes of others are never touched."
    key: ClassVar[Json] = {
        "type": "string",
        "minLength": 1,
        "description": "The title.",
        "examples": ["Release checklist"],
    }
    fields = (
        Field(
            name="content",
            schema={
                "type": "string",
                "description": "The whole text, in Markdown, kept byte for byte.",
                "examples": ["# Before a release\n\n- Tests are green\n"],
            },
            default="",
        ),
        access.FIELD,
    )
    repeatable = True
    personal = True
    rename_since = "0.6.43"

    def unsaid(self, row: Row) -> Iterable[str]:
        return [*set_among(row, "meta"), *(f"data.{name}" for name in set_besides(row.get("data"), "content"))]

    def identity(self, row: Row) -> tuple[str, str]:
        return row["title"], row["id"]

    async def read(self, reader: Reader) -> list[Row]:
        """One request for 60; texts longer than the list gives stay unknown."""
        return [{**row, "listed": True} for row in await notes.own(reader)]

    async def whole(self, reader: Reader, row: Row, wanted: Mapping[str, Any]) -> Row:
        """One request."""
        return await notes.get(reader, row["id"])

    def live(self, row: Row, names: IdIndex) -> ObservedResource:
        text = _text(row)
        cut = row.get("listed", False) and len(text) >= notes.LISTED
        values = {"access": access.of_row(row, names), **({} if cut else {"content": text})}
        unknown = frozenset({"content"} if cut else ())
        return ObservedResource(
            self.name, *self.identity(row), values, row, unknown=unknown, marker=str(row.get("updated_at", ""))
        )

    async def create(self, writer: Writer, write: WriteRequest) -> ObservedResource:
        grants = access.to_rows(write.get("access", "private"), write.names)
        row = await notes.create(writer, {"title": write.key, **_data(write), **await access.part(writer, grants)})
        return await self._shared(writer, row, grants, write)

    async def update(self, writer: Writer, live: ObservedResource, write: WriteRequest) -> ObservedResource:
        row, grants = live.row, access.rows_of(live.row)
        if write.touches("access"):
            grants = access.to_rows(write.values["access"], write.names)
        if write.renames(live) or write.touches("content") or not await can(writer, Feature.ACCESS_ROUTES):
            body = {"title": write.key, **_data(write), **await access.part(writer, grants)}
            row = await notes.update(writer, live.id, body)
        return await self._shared(writer, row, grants, write)

    async def delete(self, writer: Writer, live: ObservedResource) -> None:
        await notes.delete(writer, live.id)

    async def _shared(self, writer: Writer, row: Row, grants: list[Row], write: WriteRequest) -> ObservedResource:
        with finishing(self.live(row, write.names)):
            row = await access.settle(row, grants, lambda rows: notes.set_access(writer, row["id"], rows))
        return replace(self.live(row, write.names), key=write.key)


def _text(row: Row) -> str:
    return ((row.get("data") or {}).get("content") or {}).get("md") or ""


def _data(write: WriteRequest) -> dict[str, Any]:
    """The text as the editor of the web page keeps it: without the two other forms it makes them from Markdown."""
    if "content" not in write.values:
        return {}
    return {"data": {"content": {"json": None, "html": "", "md": write.values["content"]}}}
