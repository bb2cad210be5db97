"""Knowledge bases with their files. Names are not unique on the server; lists tell nothing about files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from owui_sync.client.api import knowledge
from owui_sync.client.api.files import save
from owui_sync.client.api.knowledge import KnowledgeFileRow, KnowledgeRow
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.kinds import access, job_files
from owui_sync.kinds.fields import Field, key_schema, text
from owui_sync.kinds.files import stored
from owui_sync.kinds.files.field import by_place, source_schema
from owui_sync.kinds.files.leftovers import find_orphans
from owui_sync.kinds.files.removal import drop, remove
from owui_sync.kinds.files.sync import sync
from owui_sync.kinds.lifecycle import Lifecycle, Visibility
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.rows import Row, set_among
from owui_sync.kinds.shared import Routes, SharedKind
from owui_sync.kinds.unfinished import finishing
from owui_sync.kinds.write import WriteRequest


class FilledBase(KnowledgeRow, total=False):
    """A knowledge base with its files, once they were read.

    Keys, besides those of `KnowledgeRow`:
        contents: the files as the server has them; missing where they are known to be the wanted ones.
        files_seen: the files as a manifest sees them.
    """

    contents: list[KnowledgeFileRow]
    files_seen: list[Row]


class Knowledge(SharedKind[FilledBase]):
    name = "knowledge"
    section = "knowledge"
    summary = "Knowledge bases: documents that models and chats draw on."
    key = key_schema("The name.", "Handbook")
    fields = (
        text(
            "description",
            "What is in it; models that search it by themselves read this.",
            "Internal handbook",
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
                "items": source_schema("manual/printers.md"),
                "examples": [
                    [
                        "docs/**/*.md",
                        {"path": "legal", "include": ["*.pdf"], "exclude": ["drafts/**"], "into": "Legal"},
                        {"name": "hello.txt", "content": "Hello"},
                    ]
                ],
            },
            default=[],
            normal=by_place,
        ),
    )
    routes: ClassVar[Routes] = knowledge
    lifecycle = Lifecycle(
        visibility=Visibility.READABLE,
        unique=False,
        rename_since="0.6.43",
        filled_under=("setting/embedding", "setting/retrieval"),
    )
    separate = frozenset({"files"})
    files_field = "files"
    distinct_files = True
    inline_files = False

    def stored_files(self, row: FilledBase) -> list[tuple[str, Row]]:
        return [(file["id"], stored.seen(file)) for file in job_files.without(row["contents"])]

    async def save_file(self, reader: Reader, row: FilledBase, id: str, path: Path, size: int) -> None:
        await save(reader, id, path, size)

    def unsaid(self, row: FilledBase) -> Iterable[str]:
        return set_among(row, "data", "meta")

    def identity(self, row: FilledBase) -> tuple[str, str]:
        return row["name"], row["id"]

    async def read(self, reader: Reader) -> list[FilledBase]:
        """Read all with one request for 30; files stay unknown."""
        rows: list[Any] = await knowledge.list_all(reader)
        return rows

    async def whole(self, reader: Reader, row: FilledBase, wanted: Mapping[str, Any]) -> FilledBase:
        """Read the files of a base.

        Requests: one when the files are the wanted ones (two where the row does not count them), else one for 1,000
        more; before 0.9.6 one for 30. See `knowledge.files`.
        """
        files = wanted.get("files")
        if files and await self._has(reader, row, files):
            return {**row, "files_seen": [dict(file) for file in files]}
        contents = await knowledge.files(reader, row["id"], lambda rows: stored.likely(rows, files or ()))
        return {
            **row,
            "contents": contents,
            "files_seen": [stored.seen(file) for file in job_files.without(contents)],
        }

    async def _has(self, reader: Reader, row: FilledBase, files: Sequence[Row]) -> bool:
        """Return whether the files are exactly these.

        The server's comparison takes two files in one place for one, so they are counted too.
        """
        if not await can(reader, Feature.KNOWLEDGE_DIRECTORIES):
            return False
        found = await knowledge.difference(reader, row["id"], files)
        if found.more or found.changed or found.same != len(files):
            return False
        count = row.get("file_count")
        return len(files) == (count if count is not None else await knowledge.count(reader, row["id"]))

    def live(self, row: FilledBase, names: IdIndex) -> ObservedResource:
        values = {"description": row.get("description") or "", "access": access.of_row(row, names)}
        unknown = frozenset({"files"} if "files_seen" not in row else ())
        if not unknown:
            values["files"] = by_place(row["files_seen"])
        return ObservedResource(self.name, *self.identity(row), values, row, unknown=unknown)

    def body(self, row: FilledBase, write: WriteRequest) -> Row:
        return {"name": write.key, "description": write.get("description", row.get("description") or "")}

    async def complete(
        self, writer: Writer, row: FilledBase, write: WriteRequest, before: ObservedResource | None
    ) -> FilledBase:
        """Bring the files to what is wanted, and then look whether they are."""
        known: Any = {key: before.row[key] for key in _NO_FILES if key in before.row} if before else _NO_FILES
        if "files" not in write.values:
            kept: FilledBase = row | known
            return kept
        bare = row.copy()
        bare.pop("contents", None)
        bare.pop("files_seen", None)
        with finishing(self.live(bare, write.names), usable=True):
            full: FilledBase = bare | known if "contents" in known else await self.whole(writer, bare, {})
            await sync(writer, row["id"], write, job_files.without(full["contents"]), new=before is None)
            return await self.whole(writer, {**full, "file_count": None}, write.values)

    async def delete(self, writer: Writer, live: ObservedResource) -> None:
        """Delete the base, those of its files that this tool uploaded, and what a killed run left of uploads.

        The server itself would keep the files.
        """
        files = live.row.get("contents") or await knowledge.files(writer, live.id)
        own = [file["id"] for file in files if stored.is_ours(file) or job_files.marked(file)]
        left = await find_orphans(writer, live.id, {file["id"] for file in files})
        await remove(writer, live.id, own, [])
        await drop(writer, live.id, [row["id"] for row in left])
        await knowledge.delete(writer, live.id)


_NO_FILES: Row = {"contents": [], "files_seen": []}
"""What `whole` adds to the row of a base without files."""
