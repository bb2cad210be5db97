"""Brings the files of one knowledge base to an exact set, whatever happens to single ones.

First everything that is wanted comes in: what is there with other names or in other directories is moved, the rest is
uploaded. Then what nothing wants goes; only the former version of a file that did not get in stays. What a run that was
killed left is found by its mark and used, or deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from owui_sync.client.api import files, knowledge
from owui_sync.client.api.knowledge import KnowledgeFileRow
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.concurrency import each
from owui_sync.client.errors import ApiError
from owui_sync.client.writer import Writer
from owui_sync.errors import Diagnostic
from owui_sync.kinds.files.folders import DirectoryPlan
from owui_sync.kinds.files.leftovers import find_orphans
from owui_sync.kinds.files.meter import ProgressTracker
from owui_sync.kinds.files.removal import remove
from owui_sync.kinds.files.steps import Steps, steps
from owui_sync.kinds.files.stored import likely, marked, seen
from owui_sync.kinds.files.uploads import RejectedFile, Uploads
from owui_sync.kinds.unfinished import PartialWrite
from owui_sync.kinds.write import WriteRequest
from owui_sync.values import LocalFile


async def sync(
    writer: Writer, id: str, write: WriteRequest, there: Sequence[KnowledgeFileRow], *, new: bool = False
) -> None:
    """Make the base `id` have exactly the files of `write`.

    A file with the text of one that must go can only come after it.

    Args:
        there: its files as they are now.
        new: the base was only just made, so that no earlier run can have left anything.

    Requests: one for each new file (before 0.11.4 two) and one or more for each that is moved; one for all that go
    (before 0.11.4 two each, and one for every other knowledge base); one for each new directory; besides, those of
    `knowledge.files` once or twice, and those of `find_orphans`.

    Raises:
        PartialWrite: files did not get in, or the run was halted; says which and why. The others are in place.
    """
    run = _Run(writer, id, write.values["files"], *[await can(writer, feature) for feature in _MOVES])
    todo = run.steps(there)
    meter = ProgressTracker(write.tell, *_totals(todo))
    meter.start()
    folders = await DirectoryPlan.of(writer, id, run.wanted, there)
    await folders.make(writer, [file["path"] for file in (*todo.upload, *(file for _, file in todo.move))])
    uploads = Uploads(writer, id, folders, meter, write.halted)
    await run.move(uploads, todo.move)
    now, blocked = there, _blocked(todo)
    if first := [file for file in todo.upload if file not in blocked]:
        now = await run.bring(uploads, first, there, new=new)
    else:
        now = await run.listed() if todo.move else there
        await uploads.clear([] if new else await find_orphans(writer, id, _ids(now)), _ids(now))
    await run.clean_up(uploads, now, blocked)
    _check(write, uploads, meter)


_MOVES = Feature.KNOWLEDGE_DIRECTORIES, Feature.FILE_RENAME


def _totals(todo: Steps) -> tuple[int, int]:
    """Return the number of files to do and of bytes to send."""
    return len(todo.upload) + len(todo.move) + len(todo.remove), sum(file["size"] for file in todo.upload)


def _blocked(todo: Steps) -> list[LocalFile]:
    """Return the files with the bytes of one that goes, as the server cannot move it: it takes them only after that."""
    outgoing = {seen(row)["sha256"] for row in todo.remove}
    return [file for file in todo.upload if file["sha256"] in outgoing]


@dataclass(frozen=True, slots=True)
class _Run:
    """One run for the base `base`, on a server that has directories, and can rename files, or not."""

    writer: Writer
    base: str
    wanted: Sequence[LocalFile]
    directories: bool
    rename: bool

    def steps(self, there: Iterable[KnowledgeFileRow]) -> Steps:
        """Return what is to do."""
        return steps(self.wanted, there, self._movable)

    def _movable(self, row: KnowledgeFileRow, file: LocalFile) -> bool:
        """Name only what was uploaded for this base: a file has one name in all bases that hold it."""
        same_name = row["filename"] == file["path"].rpartition("/")[2]
        return self.directories and (same_name or (self.rename and marked(row).get("knowledge") == self.base))

    async def listed(self) -> list[KnowledgeFileRow]:
        """Return the files of the base as they are now."""
        return await knowledge.files(self.writer, self.base, lambda rows: likely(rows, self.wanted))

    async def move(self, uploads: Uploads, moves: Iterable[tuple[KnowledgeFileRow, LocalFile]]) -> None:
        """Give rows the names and directories of files. A renamed one is indexed anew: citations have the name."""

        async def move(one: tuple[KnowledgeFileRow, LocalFile]) -> None:
            row, file = one
            folder, name = uploads.folders.place(file["path"])
            try:
                if row["filename"] != name:
                    await files.rename(self.writer, row["id"], name)
                    await knowledge.index_again(self.writer, self.base, row["id"])
                if (row["directory_path"] or "") != file["path"].rpartition("/")[0]:
                    await knowledge.move_file(self.writer, self.base, row["id"], folder)
                uploads.meter.done(file, "moved")
            except ApiError as error:
                uploads.refuse(RejectedFile(file, error.detail))

        await each(move, moves, self.writer.connections)

    async def bring(
        self, uploads: Uploads, missing: Sequence[LocalFile], there: Iterable[KnowledgeFileRow], *, new: bool = False
    ) -> Sequence[KnowledgeFileRow]:
        """Upload files and see to it that they are in the base; return its files as they are then."""
        left = [] if new else await find_orphans(self.writer, self.base, _ids(there))
        await uploads.run(missing, left)
        now = await self.listed()
        if uploads.sent.keys() - _ids(now):
            await uploads.check(_ids(now))
            now = await self.listed()
        await uploads.clear(left, _ids(now))
        return now

    async def clean_up(self, uploads: Uploads, now: Sequence[KnowledgeFileRow], blocked: Sequence[LocalFile]) -> None:
        """Remove what nothing wants, then bring in what could only come after that.

        These are `blocked`, and the files refused for the text of a file that goes.
        """
        if uploads.halted():
            return
        todo = self.steps(now)
        await self.move(uploads, todo.move)
        outgoing = todo.remove
        texts = {row["hash"] for row in outgoing if row.get("hash")}
        twins = [refusal for refusal in uploads.refused if refusal.twin and refusal.text in texts]
        uploads.refused = [refusal for refusal in uploads.refused if refusal not in twins]
        kept = {refusal.file["path"] for refusal in uploads.refused}
        outgoing = [row for row in outgoing if seen(row)["path"] not in kept]
        empty = uploads.folders.empty(file["path"] for file in self.wanted)
        await remove(self.writer, self.base, [row["id"] for row in outgoing], empty)
        for row in outgoing:
            uploads.meter.done(seen(row)["path"], "removed")
        if late := [*blocked, *(refusal.file for refusal in twins)]:
            await self.bring(uploads, late, now, new=not blocked)


def _ids(rows: Iterable[KnowledgeFileRow]) -> Set[str]:
    return {row["id"] for row in rows}


def _check(write: WriteRequest, uploads: Uploads, meter: ProgressTracker) -> None:
    problems = [
        Diagnostic(
            f"knowledge/{write.key}: `{refusal.file['path']}` was not added: {refusal.reason}",
            refusal.file.source.path or None,
        )
        for refusal in sorted(uploads.refused, key=lambda refusal: str(refusal.file["path"]))
    ]
    if reason := uploads.halted():
        done = f"{meter.files} of {meter.total} files are done"
        problems.append(Diagnostic(f"knowledge/{write.key}: {reason}: {done}", hint="the next apply does the rest"))
    if problems:
        raise PartialWrite.of(problems)
