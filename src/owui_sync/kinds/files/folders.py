"""The directories of one knowledge base."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from owui_sync.client.api import knowledge
from owui_sync.client.api.knowledge import KnowledgeFileRow
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.concurrency import each
from owui_sync.client.errors import Uncertain
from owui_sync.client.writer import Writer
from owui_sync.kinds.files.stored import flat
from owui_sync.values import LocalFile


@dataclass(slots=True)
class DirectoryPlan:
    """Path -> id of each directory. Servers before 0.9.6 have none (`exist`)."""

    base: str
    exist: bool
    ids: dict[str, str]

    @classmethod
    async def of(
        cls, writer: Writer, base: str, wanted: Iterable[LocalFile], there: Iterable[KnowledgeFileRow]
    ) -> DirectoryPlan:
        """Read the directories with one request; with none where no file lies in one."""
        exist = await can(writer, Feature.KNOWLEDGE_DIRECTORIES)
        used = any("/" in file["path"] for file in wanted) or any(row.get("directory_path") for row in there)
        return cls(base, exist, await knowledge.directories(writer, base) if exist and used else {})

    def place(self, path: str) -> tuple[str | None, str]:
        """Return the id of the directory for a file (None: the top) and the file's name in it."""
        folder, _, name = path.rpartition("/")
        return (self.ids.get(folder), name) if self.exist else (None, flat(path))

    async def make(self, writer: Writer, paths: Iterable[str]) -> None:
        """Make the directories that these files lie in, those above first. One request each."""
        missing = sorted(_above(paths) - self.ids.keys(), key=_depth) if self.exist else []
        for _, level in groupby(missing, _depth):
            await each(lambda path: self._make(writer, path), level, writer.connections)

    async def _make(self, writer: Writer, path: str) -> None:
        parent, _, name = path.rpartition("/")
        try:
            self.ids[path] = await knowledge.create_directory(writer, self.base, name, self.ids.get(parent))
        except Uncertain:
            self.ids |= await knowledge.directories(writer, self.base)
            if path not in self.ids:
                await self._make(writer, path)

    def empty(self, paths: Iterable[str]) -> list[str]:
        """Return the ids of the directories in which none of these files lies, those above first."""
        needed = _above(paths)
        return [id for path, id in sorted(self.ids.items()) if path not in needed]


def _depth(path: str) -> int:
    return path.count("/")


def _above(paths: Iterable[str]) -> set[str]:
    """Return every directory on the way to these files."""
    return {path[:end] for path in paths for end, letter in enumerate(path) if letter == "/"}
