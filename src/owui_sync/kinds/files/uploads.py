"""Uploads of the files of one knowledge base: a bounded number at a time, each to its end, none of them twice.

The server extracts and indexes a file before it answers, so that a file costs one request (before 0.11.4 two), and a
slow server slows the uploads down instead of drowning in them. A 200 does not say that it worked: the list of the base
does. Where an answer was lost, the file is looked for by its mark before it is sent again.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from typing import Any

from owui_sync.client.api import files, knowledge
from owui_sync.client.api.files import FileRow
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.concurrency import each, gather_or_cancel
from owui_sync.client.errors import ApiError, ClientError, Forbidden, NotFound, Unauthorized, Uncertain
from owui_sync.client.silence import Silence
from owui_sync.client.writer import Writer
from owui_sync.errors import StalePlan
from owui_sync.kinds.files.folders import DirectoryPlan
from owui_sync.kinds.files.leftovers import find_orphans
from owui_sync.kinds.files.meter import ProgressTracker
from owui_sync.kinds.files.removal import held_elsewhere
from owui_sync.kinds.files.stored import MARK, mark, marked
from owui_sync.values import LocalFile

_TRIES = 5
"""Uploads of one file whose answers are lost."""
_PACE = 5_000
"""Bytes a second that the server works on beside its time for any file whose upload was cut: after that its work on it
is dead, as a crash of the server leaves it."""


@dataclass(frozen=True, slots=True)
class RejectedFile:
    """A file that did not get in, and why.

    Args:
        text: sha256 of the text that the server found in it; empty when it found none.
    """

    file: LocalFile
    reason: str
    text: str = ""

    @property
    def twin(self) -> bool:
        """Whether another file of the base has the same text."""
        return "duplicate content" in self.reason.lower()


@dataclass(slots=True)
class Uploads:
    """The uploads of one run to the knowledge base `base`.

    Args:
        halted: asked before each file: why no more is begun, or None.
        sent: id -> file, for those that the server has got.
        refused: those that did not get in.
        doubtful: those of which there may be a second one, as an answer was lost.
    """

    writer: Writer
    base: str
    folders: DirectoryPlan
    meter: ProgressTracker
    halted: Callable[[], str | None]
    sent: dict[str, LocalFile] = field(default_factory=dict)
    refused: list[RejectedFile] = field(default_factory=list)
    doubtful: list[LocalFile] = field(default_factory=list)

    async def run(self, wanted: Iterable[LocalFile], left: Iterable[FileRow]) -> None:
        """Send these files, or take what an earlier run left of them; wait last for what the server is still at."""
        usable = {(marked(row)["path"], marked(row)["sha256"]): row for row in left if _status(row) != "failed"}
        unsettled: list[tuple[LocalFile, FileRow]] = []

        async def send(file: LocalFile) -> None:
            if not self.halted() and (row := await self._send(file, usable.get((file["path"], file["sha256"])))):
                unsettled.append((file, row))

        async def settle(one: tuple[LocalFile, FileRow]) -> None:
            file, row = one
            if await self._settled(row):
                await self._arrived(row["id"], file)
            else:
                await self._drop(row["id"])
                if await self._send(file, None):
                    self.refuse(RejectedFile(file, "the server did not get done with it"))

        await each(send, wanted, self.writer.connections)
        await each(settle, unsettled, self.writer.connections)

    async def _send(self, file: LocalFile, row: FileRow | None) -> FileRow | None:
        """Send a file unless `row` is what was sent already; gives the row when the server is still at it."""
        try:
            for attempt in range(_TRIES):
                if row:
                    break
                try:
                    await self._arrived(await self._upload(file), file)
                    return None
                except Uncertain as error:
                    self.doubtful.append(file)
                    lost = error
                await asyncio.sleep(0.2 * attempt)
                row = next(iter(await self._look(file)), None)
            if row is None:
                self.refuse(RejectedFile(file, lost.happened))
            elif _status(row) == "completed":
                await self._arrived(row["id"], file)
            else:
                return row
        except (Unauthorized, Forbidden):
            raise
        except ApiError as error:
            self.refuse(RejectedFile(file, error.detail))
        except StalePlan as error:
            self.refuse(RejectedFile(file, error.problems[0].message))
        return None

    async def _arrived(self, id: str, file: LocalFile) -> None:
        """Note that the server has a file and is done with it, well or not."""
        self.sent[id] = file
        if await can(self.writer, Feature.KNOWLEDGE_LINKS):
            self.meter.done(file, "uploaded")
        else:
            await self._link(id, file)

    async def _upload(self, file: LocalFile) -> str:
        folder, name = self.folders.place(file["path"])
        metadata: dict[str, Any] = {MARK: mark(self.base, file)}
        if await can(self.writer, Feature.KNOWLEDGE_LINKS):
            metadata |= {"knowledge_id": self.base, **({"directory_id": folder} if folder else {})}
        with file.open() as content, self.meter.counting(content) as counted:
            row = await files.upload(self.writer, name, counted, metadata, process=True, wait=True)
        return str(row["id"])

    async def _look(self, file: LocalFile) -> list[FileRow]:
        """Return what the server has of a file beside what this run knows of. One request."""
        name = self.folders.place(file["path"])[1]
        rows = await find_orphans(self.writer, self.base, self.sent, [name])
        return [row for row in rows if marked(row) == mark(self.base, file)]

    async def _settled(self, row: FileRow) -> bool:
        """Wait until the server is done with a file whose upload was cut; False when it never will be."""
        patience = self.writer.silence + ((row.get("meta") or {}).get("size") or 0) / _PACE
        until, pause = (row.get("updated_at") or 0) + patience, 0.1
        what = f"the text of {row.get('filename')!r}, whose upload was cut"
        with contextlib.suppress(NotFound), Silence(what, patience):
            while await files.status(self.writer, row["id"]) not in ("completed", "failed"):
                if self.writer.server_time() > until:
                    return False
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, 3.0)
            return True
        return False

    async def _link(self, id: str, file: LocalFile) -> None:
        folder, _ = self.folders.place(file["path"])
        try:
            await knowledge.add_file(self.writer, self.base, id, folder)
            self.meter.done(file, "uploaded")
        except ApiError as error:
            await self._give_up(id, file, error.detail)

    async def check(self, there: Container[str]) -> None:
        """Follow up each file that was sent and is not among the ids of the base's files: link it or say why not."""
        missing = [(id, file) for id, file in self.sent.items() if id not in there]

        async def follow(one: tuple[str, LocalFile]) -> None:
            id, file = one
            try:
                data = (await files.get(self.writer, id)).get("data") or {}
            except NotFound:
                self.refuse(RejectedFile(file, "somebody deleted it while it was uploaded"))
                return
            if data.get("status") == "failed":
                await self._give_up(id, file, "")
            else:
                await self._link(id, file)

        await each(follow, missing, self.writer.connections)

    async def _give_up(self, id: str, file: LocalFile, reason: str) -> None:
        """Delete a file that the server cannot use. Two requests."""
        text, words = "", ""
        with contextlib.suppress(NotFound):
            data = (await files.get(self.writer, id)).get("data") or {}
            words = str(data.get("error") or "")
            text = hashlib.sha256(str(data["content"]).encode()).hexdigest() if data.get("content") else ""
        del self.sent[id]
        await self._drop(id)
        self.refuse(RejectedFile(file, words or reason or "the server gives no reason", text))

    def refuse(self, refusal: RejectedFile) -> None:
        """Note that a file did not get in."""
        self.refused.append(refusal)
        self.meter.done(refusal.file, "failed")

    async def clear(self, left: Iterable[FileRow], there: Container[str]) -> None:
        """Delete what is left of uploads for this base.

        An earlier run left some that this one did not use, and an upload whose answer was lost may be there twice.

        Args:
            there: ids of the files of the base.

        Requests: one or two for each, and those of `held_elsewhere` where somebody may have taken one for another base.
        """
        again = await gather_or_cancel(*(self._look(file) for file in self.doubtful))
        rows = {row["id"]: row for row in (*left, *(row for rows in again for row in rows))}
        spare = [row for id, row in rows.items() if id not in self.sent and id not in there]
        held = await held_elsewhere(self.writer, self.base) if any(_status(row) != "failed" for row in spare) else set()
        for row in spare:
            if row["id"] not in held:
                await self._settled(row)
                await self._drop(row["id"])

    async def _drop(self, id: str) -> None:
        """Delete a file; what cannot be deleted now is found by the next run."""
        with contextlib.suppress(ClientError):
            await files.delete(self.writer, id)


def _status(row: FileRow) -> str:
    return str((row.get("data") or {}).get("status"))
