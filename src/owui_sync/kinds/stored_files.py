"""Brings the files of one knowledge base to an exact set: new ones first, then those that must not be there go.

A file counts as the same when its place and the sha256 of its bytes are. What was begun and failed leaves nothing
behind: an upload that the server cannot read, or that has the text of another file, is deleted again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from owui_sync.client.api import files, knowledge
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.errors import ApiError, ClientError, NotFound
from owui_sync.client.writer import Writer
from owui_sync.errors import Problem
from owui_sync.kinds.base import Row, Unfinished
from owui_sync.values import LocalFile

_MARK = "owui_sync"
_AT_A_TIME = 4
_PATIENCE = 600.0
"""Seconds that the server may take for the text of one file."""


@dataclass(frozen=True, slots=True)
class _Refused:
    """A file that the server did not take, and why; `twin` when it has the text of another file of the base."""

    file: LocalFile
    reason: str

    @property
    def twin(self) -> bool:
        return "duplicate content" in self.reason.lower()


def seen(row: Row) -> Row:
    """Place, digest and size (bytes) of a file of a base; before 0.9.6 the first two are those noted at the upload."""
    meta = row.get("meta") or {}
    mark, name, folder = _mark(meta), row.get("filename") or "", row.get("directory_path") or ""
    noted = str(mark.get("path", ""))
    place = f"{folder}/{name}" if folder else noted if noted.rpartition("/")[2] == name else name
    digest, size = str(meta.get("file_hash") or mark.get("sha256") or ""), meta.get("size")
    return {"path": place, "sha256": digest, "size": size if isinstance(size, int) else 0}


def is_ours(row: Row) -> bool:
    """Whether this tool uploaded the file."""
    return bool(_mark(row.get("meta") or {}))


def _mark(meta: Mapping[str, Any]) -> Mapping[str, Any]:
    mark = (meta.get("data") or {}).get(_MARK)
    return mark if isinstance(mark, Mapping) else {}


async def sync(writer: Writer, id: str, key: str, wanted: Sequence[LocalFile], there: Sequence[Row]) -> None:
    """Makes the base `id` have exactly these files.

    A file with the text of one that must go can only come after it. When one cannot be added, nothing is removed.

    Requests: three or more for each new file; one for all that go (before 0.11.4 two each, and one for every other
    knowledge base); two and one a folder where there are folders.

    Raises:
        Unfinished: files were refused; says which and why. The others are in place.
    """
    missing, left = _compared(wanted, there)
    folders = await _Folders.of(writer, id, wanted, there)
    refused = await _add(writer, id, missing, folders)
    late = [refusal.file for refusal in refused if refusal.twin and left]
    _check(key, [refusal for refusal in refused if refusal.file not in late])
    await remove(writer, id, [row["id"] for row in left], folders.empty(wanted))
    _check(key, await _add(writer, id, late, folders))


def _compared(wanted: Sequence[LocalFile], there: Sequence[Row]) -> tuple[list[LocalFile], list[Row]]:
    """The files that are not there, and the rows that nothing wants (a second one of the same file among them)."""
    missing = {(file["path"], file["sha256"]): file for file in wanted}
    left = []
    for row in there:
        if missing.pop((seen(row)["path"], seen(row)["sha256"]), None) is None:
            left.append(row)
    return list(missing.values()), left


def _check(key: str, refused: Iterable[_Refused]) -> None:
    problems = [
        Problem(
            f"knowledge/{key}: the server did not take `{refusal.file['path']}`: {refusal.reason}",
            refusal.file.source.path or None,
        )
        for refusal in refused
    ]
    if problems:
        raise Unfinished.of(problems)


async def _add(writer: Writer, id: str, wanted: Iterable[LocalFile], folders: _Folders) -> list[_Refused]:
    room = asyncio.Semaphore(_AT_A_TIME)

    async def add(file: LocalFile) -> _Refused | None:
        async with room:
            return await _add_one(writer, id, file, folders)

    await folders.make(writer, [file["path"] for file in wanted])
    return [refusal for refusal in await asyncio.gather(*map(add, wanted)) if refusal]


async def _add_one(writer: Writer, id: str, file: LocalFile, folders: _Folders) -> _Refused | None:
    """Uploads one file, waits for its text, puts it into the base.

    By `file/add` on every version: the other way, `metadata.knowledge_id`, hides a refusal on 0.10.2.
    """
    folder, _, name = file["path"].rpartition("/")
    mark = {"sha256": file["sha256"], **({} if folders.exist else {"path": file["path"]})}
    try:
        with file.open() as content:
            row = await files.upload(writer, name, content.read(), {_MARK: mark}, process=True)
    except ApiError as error:
        return _Refused(file, error.detail)
    try:
        if not (reason := await _unreadable(writer, row["id"])):
            await knowledge.add_file(writer, id, row["id"], folders.ids.get(folder))
            return None
    except ApiError as error:
        reason = error.detail
    except BaseException:
        await _drop(writer, row["id"])
        raise
    await _drop(writer, row["id"])
    return _Refused(file, reason)


async def _unreadable(writer: Writer, id: str) -> str:
    """Waits until the server has the text of a file; the reason when it cannot."""
    pause, waited = 0.1, 0.0
    while waited < _PATIENCE:
        status = await files.status(writer, id)
        if status == "completed":
            return ""
        if status == "failed":
            return str(((await files.get(writer, id)).get("data") or {}).get("error") or "no reason given")
        await asyncio.sleep(pause)
        waited, pause = waited + pause, min(pause * 1.5, 2.0)
    return f"its text was not ready after {_PATIENCE:.0f} s"


async def _drop(writer: Writer, id: str) -> None:
    with contextlib.suppress(ClientError):
        await files.delete(writer, id)


async def remove(writer: Writer, id: str, file_ids: Sequence[str], folder_ids: Sequence[str]) -> None:
    """Takes files out of a base, and deletes those that no other base holds; then deletes the folders."""
    safe = await can(writer, Feature.KNOWLEDGE_CLEANUP)
    if not safe and file_ids:
        await _remove_singly(writer, id, file_ids)
    if folder_ids or (safe and file_ids):
        await knowledge.cleanup(writer, id, file_ids if safe else [], folder_ids)


async def _remove_singly(writer: Writer, id: str, file_ids: Sequence[str]) -> None:
    others = [row["id"] for row in await knowledge.list_all(writer) if row["id"] != id]
    used = {row["id"] for rows in await asyncio.gather(*(knowledge.files(writer, o) for o in others)) for row in rows}
    for file_id in file_ids:
        with contextlib.suppress(NotFound):
            await knowledge.remove_file(writer, id, file_id)
        if file_id not in used:
            with contextlib.suppress(NotFound):
                await files.delete(writer, file_id)


@dataclass(slots=True)
class _Folders:
    """The folders of one base: path -> id. Servers before 0.9.6 have none (`exist`)."""

    base: str
    exist: bool
    ids: dict[str, str]

    @classmethod
    async def of(cls, writer: Writer, base: str, wanted: Iterable[LocalFile], there: Iterable[Row]) -> _Folders:
        """One request, and none where no file lies in a folder."""
        exist = await can(writer, Feature.KNOWLEDGE_DIRECTORIES)
        used = any("/" in file["path"] for file in wanted) or any(row.get("directory_path") for row in there)
        return cls(base, exist, await knowledge.directories(writer, base) if exist and used else {})

    async def make(self, writer: Writer, paths: Iterable[str]) -> None:
        """Makes the folders that these files lie in, those above first. One request each."""
        for path in sorted(_above(paths)) if self.exist else ():
            if path not in self.ids:
                parent, _, name = path.rpartition("/")
                self.ids[path] = await knowledge.create_directory(writer, self.base, name, self.ids.get(parent))

    def empty(self, wanted: Iterable[LocalFile]) -> list[str]:
        """Ids of the folders in which no file is wanted, those above first."""
        needed = _above(file["path"] for file in wanted)
        return [id for path, id in sorted(self.ids.items()) if path not in needed]


def _above(paths: Iterable[str]) -> set[str]:
    """Every folder on the way to these files."""
    return {path[:end] for path in paths for end, letter in enumerate(path) if letter == "/"}
