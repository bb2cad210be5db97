"""Prompts: texts that a user inserts by typing `/command`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from owui_sync.client.api import prompts
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.kinds import access
from owui_sync.kinds.base import Field, IdIndex, Kind, ObservedResource, Row, WriteRequest, set_among, unordered
from owui_sync.kinds.filtered import Filtered
from owui_sync.kinds.unfinished import finishing
from owui_sync.values import Json


class Prompt(Filtered, Kind):
    name = "prompt"
    unique = True
    rename_since = "0.8.0"
    section = "prompts"
    summary = "Prompts that users insert into a chat by typing a slash and the command."
    key: ClassVar[Json] = {
        "type": "string",
        "pattern": r"^[^/\s]\S*$",
        "description": "The command, without the slash.",
        "x-error": "a command has no blanks, and is written without the slash",
        "examples": ["triage"],
    }
    fields = (
        Field(
            name="name",
            schema={
                "type": "string",
                "minLength": 1,
                "description": "Title in lists. Default: the command.",
                "examples": ["Ticket triage"],
            },
        ),
        Field(
            name="content",
            schema={
                "type": "string",
                "description": "The text, kept byte for byte; `{{variables}}` are the server's own.",
                "examples": ["Sort this ticket: {{ticket}}"],
            },
            required=True,
        ),
        Field(
            name="tags",
            schema={
                "type": "array",
                "items": {"type": "string", "minLength": 1},
                "description": "Tags; their order means nothing.",
                "examples": [["support"]],
            },
            default=[],
            normal=unordered,
            since=str(Feature.PROMPT_IDS.since),
        ),
        Field(
            name="active",
            schema={"type": "boolean", "description": "Whether users see it. Default: true."},
            default=True,
            since=str(Feature.PROMPT_IDS.since),
        ),
        access.FIELD,
    )

    def default(self, path: str, key: str) -> Any:
        return key if path == "name" else super().default(path, key)

    def unsaid(self, row: Row) -> Iterable[str]:
        return set_among(row, "data", "meta")

    def identity(self, row: Row) -> tuple[str, str]:
        return row["command"], row["id"]

    async def read(self, reader: Reader) -> list[Row]:
        """Two requests while every prompt is active; one more for each page that has to be searched for others.

        One before 0.8.0, which knows no inactive prompts.
        """
        return await prompts.list_all(reader)

    def live(self, row: Row, names: IdIndex) -> ObservedResource:
        values = {
            "name": row["name"],
            "content": row["content"],
            "tags": unordered(row.get("tags") or []),
            "active": row.get("is_active", True),
            "access": access.of_row(row, names),
        }
        return ObservedResource(self.name, *self.identity(row), values, row)

    async def create(self, writer: Writer, write: WriteRequest) -> ObservedResource:
        grants = access.to_rows(write.get("access", "private"), write.names)
        row = await prompts.create(writer, self._body({}, write) | await access.part(writer, grants))
        return await self._finish(writer, row, write, grants)

    async def update(self, writer: Writer, live: ObservedResource, write: WriteRequest) -> ObservedResource:
        row, grants = live.row, access.rows_of(live.row)
        if write.touches("access"):
            grants = access.to_rows(write.values["access"], write.names)
        if (
            write.renames(live)
            or write.touches("name", "content", "tags")
            or not await can(writer, Feature.ACCESS_ROUTES)
        ):
            row = await prompts.update(writer, live.id, self._body(row, write) | await access.part(writer, grants))
        return await self._finish(writer, row, write, grants)

    async def delete(self, writer: Writer, live: ObservedResource) -> None:
        await prompts.delete(writer, live.id)

    def _body(self, row: Row, write: WriteRequest) -> Row:
        return {
            "command": write.key,
            "name": write.get("name", row.get("name", write.key)),
            "content": write.get("content", row.get("content", "")),
            "tags": write.get("tags", row.get("tags") or []),
            "commit_message": write.message,
            "is_production": True,
        }

    async def _finish(self, writer: Writer, row: Row, write: WriteRequest, grants: list[Row]) -> ObservedResource:
        """What `create` and `update` ignore: access (an update since 0.12.4), and whether it is active (both)."""
        with finishing(self.live(row, write.names)):
            row = await access.settle(row, grants, lambda rows: prompts.set_access(writer, row["id"], rows))
            active = row.get("is_active", True)
            if write.get("active", active) != active:
                row = await prompts.toggle(writer, row["id"])
        return self.live(row, write.names)
