"""Knowledge bases, and the files in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from owui_sync.client import access
from owui_sync.client.api import knowledge, users
from owui_sync.client.api.knowledge import KnowledgeRow
from owui_sync.client.call_time import Timeout
from owui_sync.client.concurrency import each
from owui_sync.client.errors import Missing, WrongType, WrongValue
from owui_sync.client.facade.base import Base
from owui_sync.client.facade.failures import checking, for_programs, noted, otherwise
from owui_sync.client.reader import Reader
from owui_sync.client.results import KnowledgeBasesResult
from owui_sync.client.uploads import FileRefused, add_to_knowledge, existing
from owui_sync.client.writer import Writer
from owui_sync.errors import Diagnostic, OwuiSyncError

_AT_A_TIME = 4


class Knowledge(Base):
    """Knowledge bases, and the files in them. Of several bases with one name, the oldest is meant."""

    @otherwise(None, lookup=True)
    async def get_knowledge_base_by_name(self, name: str, *, timeout: Timeout = None) -> dict[str, Any] | None:
        """Find a knowledge base by its whole name.

        Returns:
            The row, with `id`, `name`, `description` and more; None on failure, and when there is none.
        """
        if found := await _by_name(self._writer, name):
            return {**found}
        raise Missing("knowledge base", name, "/api/v1/knowledge/")

    @otherwise(None)
    async def create_knowledge_base(
        self, name: str, description: str = "", *, timeout: Timeout = None
    ) -> dict[str, Any] | None:
        """Make a knowledge base that only the user may see.

        Args:
            name: its name; others may have the same.
            description: what is in it; models that search by themselves read this.

        Returns:
            The row of the new base; None on failure.
        """
        return {**await _create(self._writer, name, description)}

    @otherwise(False)
    async def add_file_to_knowledge_base(
        self, file_path: str | Path, knowledge_base_name: str, *, timeout: Timeout = None
    ) -> bool:
        """Put a file of this machine into a knowledge base, which is made if there is none of that name.

        It waits until the server has the text of the file and models find it. A file of the same name and text that is
        in the base already is not put there a second time. What the server cannot read leaves nothing behind.

        Args:
            file_path: the file.
            knowledge_base_name: the name of the base.

        Returns:
            True when the file is in the base and can be found; False on failure.
        """
        path = existing(file_path)
        base = await self._base(knowledge_base_name, "")
        await add_to_knowledge(self._writer, base["id"], path)
        return True

    @otherwise(False)
    async def delete_knowledge_base(self, kb_id: str, *, timeout: Timeout = None) -> bool:
        """Delete a knowledge base; its files stay on the server.

        Returns:
            True when it was deleted; False on failure, and when there is no such base.
        """
        await knowledge.delete(self._writer, kb_id)
        return True

    @otherwise((0, 0))
    async def delete_all_knowledge_bases(self, *, timeout: Timeout = None) -> tuple[int, int]:
        """Delete all knowledge bases that belong to the user, and none of others.

        Returns:
            How many were deleted, and how many could not be.
        """
        deleted, failures = await self._delete_own("delete_all_knowledge_bases", lambda name: True)
        return len(deleted), failures

    @otherwise((0, 0, []), lenient=("keyword",))
    async def delete_knowledge_bases_by_keyword(
        self, keyword: str, case_sensitive: bool = False, *, timeout: Timeout = None
    ) -> tuple[int, int, list[str]]:
        """Delete the knowledge bases that belong to the user and have a text in their name.

        Args:
            keyword: the text.
            case_sensitive: whether upper and lower case differ.

        Returns:
            How many were deleted, how many could not be, and the names of those that were.
        """

        def fits(name: str) -> bool:
            return keyword in name if case_sensitive else keyword.casefold() in name.casefold()

        deleted, failures = await self._delete_own("delete_knowledge_bases_by_keyword", fits)
        return len(deleted), failures, deleted

    @checking
    async def create_knowledge_bases_with_files(
        self,
        kb_configs: Sequence[Mapping[str, Any]] | Mapping[str, Sequence[str | Path]],
        max_workers: int = 3,
        *,
        timeout: Timeout = None,
    ) -> KnowledgeBasesResult:
        """Make several knowledge bases and put files into them; one that is there already gets the files.

        Args:
            kb_configs: for each base its `name`, and perhaps `description` and `files` (paths on this machine); or the
                files by the name of the base.
            max_workers: bases at the same time.

        Returns:
            `success`: the names of bases that have all their files; `failed`: name -> what went wrong, with the files.
        """
        result = KnowledgeBasesResult(success=[], failed={})

        async def fill(config: Mapping[str, Any]) -> None:
            try:
                await self._fill(self._writer, config)
            except OwuiSyncError as error:
                result["failed"][str(config.get("name"))] = str(for_programs(error))
            else:
                result["success"].append(config["name"])

        await each(fill, _configs(kb_configs), max(1, max_workers))
        return result

    async def _fill(self, writer: Writer, config: Mapping[str, Any]) -> None:
        if not config.get("name"):
            raise WrongValue("a knowledge base without a name")
        paths = [existing(path) for path in config.get("files") or ()]
        base = await self._base(config["name"], config.get("description") or "")
        problems: list[Diagnostic] = []
        for path in paths:
            try:
                await add_to_knowledge(writer, base["id"], path)
            except OwuiSyncError as error:
                problems += error.problems
        if problems:
            raise FileRefused.of(problems)

    async def _base(self, name: str, description: str) -> KnowledgeRow:
        """Return the knowledge base of that name, which is made, once, if there is none."""
        async with self._creating:
            return await _by_name(self._writer, name) or await _create(self._writer, name, description)

    async def _delete_own(self, method: str, fits: Callable[[str], bool]) -> tuple[list[str], int]:
        writer = self._writer
        me = await users.session(writer)
        rows = [row for row in await knowledge.list_all(writer) if row.get("user_id") == me["id"] and fits(row["name"])]

        async def delete(row: KnowledgeRow) -> bool:
            try:
                await knowledge.delete(writer, row["id"])
            except OwuiSyncError as error:
                noted(method, error)
                return False
            return True

        done = await each(delete, rows, _AT_A_TIME)
        names = [row["name"] for row, deleted in zip(rows, done, strict=True) if deleted]
        return names, len(rows) - len(names)


def _configs(given: Sequence[Mapping[str, Any]] | Mapping[str, Sequence[str | Path]]) -> Sequence[Mapping[str, Any]]:
    if isinstance(given, Mapping):
        return _configs([{"name": name, "files": files} for name, files in given.items()])
    for config in given:
        if isinstance(files := config.get("files"), str | Path):
            raise WrongType(f"files is the path {str(files)!r}, not a list of paths", hint=f"write [{str(files)!r}]")
    return given


async def _by_name(reader: Reader, name: str) -> KnowledgeRow | None:
    rows = [row for row in await knowledge.list_all(reader) if row["name"] == name]
    return min(rows, key=lambda row: (row.get("created_at") or 0, row["id"]), default=None)


async def _create(writer: Writer, name: str, description: str) -> KnowledgeRow:
    # Before 0.8.0 a base without access is public.
    return await knowledge.create(writer, {"name": name, "description": description, **await access.part(writer, [])})
