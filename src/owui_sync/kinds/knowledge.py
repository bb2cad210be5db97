"""Knowledge bases with their files. Names are not unique on the server; lists tell nothing about files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from owui_sync.client.api import knowledge
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.kinds import access, job_files
from owui_sync.kinds.base import Field, IdIndex, Kind, ObservedResource, Row, WriteRequest, set_among
from owui_sync.kinds.files import stored
from owui_sync.kinds.files.leftovers import find_orphans
from owui_sync.kinds.files.removal import drop, remove
from owui_sync.kinds.files.sync import sync
from owui_sync.kinds.filtered import Filtered
from owui_sync.kinds.unfinished import finishing
from owui_sync.values import Json

_PATTERNS: Json = {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1}
_SOURCE: Json = {
    "oneOf": [
        {"type": "string", "minLength": 1},
        {
            "type": "object",
            "required": ["path"],
            "additionalProperties": False,
            "properties": {
                "path": {"type": "string", "minLength": 1, "description": "A folder (or a file)."},
                "include": {**_PATTERNS, "description": "Globs below it; one without a slash fits at any depth."},
                "exclude": {**_PATTERNS, "description": "Globs of what is left out."},
                "gitignore": {
                    "type": "boolean",
                    "description": "Whether what git ignores is left out (default). Globs always leave it out; a file "
                    "that is named without a wildcard is always taken.",
                },
                "into": {"type": "string", "minLength": 1, "description": "The folder in the knowledge base."},
                "as": {
                    "type": "string",
                    "minLength": 1,
                    "description": "For a single file: its place in the knowledge base, with another name than here.",
                },
            },
        },
        {
            "type": "object",
            "required": ["name", "content"],
            "additionalProperties": False,
            "properties": {
                "name": {"type": "string", "minLength": 1, "description": "Its place in the knowledge base."},
                "content": {"type": "string", "description": "Its text, byte for byte."},
            },
        },
    ]
}


def _by_place(value: Any) -> Any:
    """Normal form of the files themselves; sources as they are written have none."""
    files = isinstance(value, list) and all(isinstance(item, dict) and "sha256" in item for item in value)
    return sorted(value, key=lambda item: str(item["path"])) if files else value


class Knowledge(Filtered, Kind):
    name = "knowledge"
    unique = False
    section = "knowledge"
    summary = "Knowledge bases: documents that models and chats draw on."
    key: ClassVar[Json] = {"type": "string", "minLength": 1, "description": "The name.", "examples": ["Handbook"]}
    fields = (
        Field(
            name="description",
            schema={
                "type": "string",
                "description": "What is in it; models that search it by themselves read this.",
                "examples": ["Internal handbook"],
            },
            default="",
        ),
        access.FIELD,
        Field(
            name="files",
            stays=True,
            schema={
                "type": "array",
                "description": "The files in it: the exact set. Each item is a path or glob from this manifest on (the "
                "folders below its fixed part are kept), a mapping with `path`, or a text by `name` and `content`. "
                "What git ignores is left out. Not written: files are not managed.",
                "items": _SOURCE,
                "examples": [
                    [
                        "docs/**/*.md",
                        {"path": "legal", "include": ["*.pdf"], "exclude": ["drafts/**"], "into": "Legal"},
                        {"name": "hello.txt", "content": "Hello"},
                    ]
                ],
            },
            default=[],
            normal=_by_place,
            held=lambda row: [(file["id"], stored.seen(file)) for file in job_files.without(row["contents"])],
        ),
    )
    repeatable = True
    rename_since = "0.6.43"

    def unsaid(self, row: Row) -> Iterable[str]:
        return set_among(row, "data", "meta")

    def identity(self, row: Row) -> tuple[str, str]:
        return row["name"], row["id"]

    async def read(self, reader: Reader) -> list[Row]:
        """One request for 30; files stay unknown."""
        return await knowledge.list_all(reader)

    async def whole(self, reader: Reader, row: Row, wanted: Mapping[str, Any]) -> Row:
        """Requests: one when the files are the wanted ones (two where the row does not count them), else one for 1,000
        more; before 0.9.6 one for 30. See `knowledge.files`."""
        files = wanted.get("files")
        if files and await self._has(reader, row, files):
            return {**row, "files_seen": [dict(file) for file in files]}
        contents = await knowledge.files(reader, row["id"], lambda rows: stored.likely(rows, files or ()))
        return {
            **row,
            "contents": contents,
            "files_seen": [stored.seen(file) for file in job_files.without(contents)],
        }

    async def _has(self, reader: Reader, row: Row, files: Sequence[Row]) -> bool:
        """Whether the files are exactly these. The server's comparison takes two in one place for one: so they are
        counted too."""
        if not await can(reader, Feature.KNOWLEDGE_DIRECTORIES):
            return False
        found = await knowledge.difference(reader, row["id"], files)
        if found.more or found.changed or found.same != len(files):
            return False
        count = row.get("file_count")
        return len(files) == (count if count is not None else await knowledge.count(reader, row["id"]))

    def live(self, row: Row, names: IdIndex) -> ObservedResource:
        values = {"description": row.get("description") or "", "access": access.of_row(row, names)}
        unknown = frozenset({"files"} if "files_seen" not in row else ())
        if not unknown:
            values["files"] = _by_place(row["files_seen"])
        return ObservedResource(self.name, *self.identity(row), values, row, unknown=unknown)

    async def create(self, writer: Writer, write: WriteRequest) -> ObservedResource:
        grants = access.to_rows(write.get("access", "private"), write.names)
        body = {"name": write.key, "description": write.get("description", ""), **await access.part(writer, grants)}
        row = await knowledge.create(writer, body)
        with finishing(self.live(row, write.names)):
            row = await access.settle(row, grants, lambda rows: knowledge.set_access(writer, row["id"], rows))
        return await self._filled(writer, {**row, **_NO_FILES}, write, new=True)

    async def update(self, writer: Writer, live: ObservedResource, write: WriteRequest) -> ObservedResource:
        row, grants = live.row, access.rows_of(live.row)
        if write.touches("access"):
            grants = access.to_rows(write.values["access"], write.names)
        if write.renames(live) or write.touches("description") or not await can(writer, Feature.ACCESS_ROUTES):
            text = write.get("description", row.get("description") or "")
            body = {"name": write.key, "description": text, **await access.part(writer, grants)}
            row = await knowledge.update(writer, live.id, body)
        row = await access.settle(row, grants, lambda rows: knowledge.set_access(writer, live.id, rows))
        seen = {key: live.row[key] for key in _NO_FILES if key in live.row}
        return await self._filled(writer, {**row, **seen}, write)

    async def delete(self, writer: Writer, live: ObservedResource) -> None:
        """Deletes the base and those of its files that this tool uploaded, also what a killed run left of uploads; the
        server itself would keep them all."""
        files = live.row.get("contents") or await knowledge.files(writer, live.id)
        own = [file["id"] for file in files if stored.is_ours(file) or job_files.marked(file)]
        left = await find_orphans(writer, live.id, {file["id"] for file in files})
        await remove(writer, live.id, own, [])
        await drop(writer, live.id, [row["id"] for row in left])
        await knowledge.delete(writer, live.id)

    async def _filled(self, writer: Writer, row: Row, write: WriteRequest, *, new: bool = False) -> ObservedResource:
        """Brings the files to what is wanted, and then looks whether they are."""
        if "files" in write.values:
            bare = {key: value for key, value in row.items() if key not in _NO_FILES}
            with finishing(self.live(bare, write.names), usable=True):
                if "contents" not in row:
                    row = await self.whole(writer, row, {})
                await sync(writer, row["id"], write, job_files.without(row["contents"]), new=new)
                row = await self.whole(writer, {**row, "file_count": None}, write.values)
        return replace(self.live(row, write.names), key=write.key)


_NO_FILES: Row = {"contents": [], "files_seen": []}
"""What `whole` adds to the row of a base without files."""
