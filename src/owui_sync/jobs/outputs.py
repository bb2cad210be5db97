"""Where the answer of a job goes: a local file, a note, a file of a knowledge base. Each is replaced, never doubled."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

from owui_sync.client.api import files, knowledge, notes
from owui_sync.client.api.files import FileRow
from owui_sync.client.api.knowledge import KnowledgeFileRow
from owui_sync.client.errors import ApiError, NotFound
from owui_sync.client.shapes import Row
from owui_sync.client.uploads import unreadable
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError
from owui_sync.inputs import write_output
from owui_sync.jobs.context import id_of
from owui_sync.kinds import access
from owui_sync.kinds.job_files import JOB, mark, marked
from owui_sync.kinds.names import IdIndex
from owui_sync.manifest.desired import Job


async def write_outputs(writer: Writer, job: Job, stack: str, text: str, names: IdIndex) -> AsyncIterator[str]:
    """Write all outputs of a job; yield each, in words, when it is written.

    Raises:
        ClientError: the server refused.
        OwuiSyncError: a local file cannot be written, or a title stands for several notes.
    """
    if "file" in job.output:
        await asyncio.to_thread(_write_file, Path(job.output["file"]), text)
        yield f"file {job.output['file']}"
    if "note" in job.output:
        await _write_note(writer, job.output["note"], {"stack": stack, "job": job.name}, text)
        yield f"note {job.output['note']}"
    if "knowledge" in job.output:
        base = id_of(names, "knowledge", job.output["knowledge"])
        await _write_knowledge(writer, base, job, stack, text)
        yield f"knowledge/{job.output['knowledge']}, {file_name(job)}"


def file_name(job: Job) -> str:
    """Return the name of the answer in a knowledge base."""
    return f"{job.name}.md"


def _write_file(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_output(path, text if text.endswith("\n") else f"{text}\n")
    except OSError as error:
        raise OwuiSyncError(f"cannot write {path}: {error.strerror}", where=str(path)) from None


async def _write_note(writer: Writer, title: str, mark: Row, text: str) -> None:
    """Write the note. Requests: one for the list, one to make or update it, and one where access must be restored."""
    found = [row for row in await notes.own(writer) if row["title"] == title]
    ours = [row for row in found if ((row.get("meta") or {}).get(JOB)) == mark]
    if len(ours or found) > 1:
        raise OwuiSyncError(f"there are {len(found)} notes `{title}`", hint="rename all but one on the server")
    data = {"data": {"content": {"json": None, "html": "", "md": text}}}
    if not found:
        body = {"title": title, **data, "meta": {JOB: mark}}
        await notes.create(writer, {**body, **await access.part(writer, [])})
        return
    [row] = ours or found
    grants = access.rows_of(row)
    row = await notes.update(writer, row["id"], {"title": title, **data, **await access.part(writer, grants)})
    await access.settle(row, grants, lambda rows: notes.set_access(writer, row["id"], rows))


async def _write_knowledge(writer: Writer, base: str, job: Job, stack: str, text: str) -> None:
    """Add the new file, then delete the old ones of this job.

    Requests: those of `knowledge.files`; for a new text three or more, and two for each old file.
    """
    content = text.encode()
    own = mark(stack, job.name, hashlib.sha256(content).hexdigest())
    there = [row for row in await knowledge.files(writer, base) if _is_of(row, stack, job)]
    same = [row for row in there if marked(row) == own[JOB]]
    if not same:
        row = await files.upload(writer, file_name(job), content, own, process=True)
        try:
            if reason := await unreadable(writer, row["id"]):
                raise OwuiSyncError(f"the server cannot read {file_name(job)}: {reason}")
            await _replace(writer, base, row["id"], there)
        except BaseException:
            await _drop(writer, row["id"])
            raise
    for old in there:
        if old not in same[:1]:
            await _drop(writer, old["id"])


async def _replace(writer: Writer, base: str, file_id: str, old: list[KnowledgeFileRow]) -> None:
    """Add a file. An old text that differs in blanks alone is a duplicate to the server, so it is removed first."""
    try:
        await knowledge.add_file(writer, base, file_id)
    except ApiError as error:
        if "duplicate content" not in error.detail.lower() or not old:
            raise
        for row in old:
            await knowledge.remove_file(writer, base, row["id"])
        await knowledge.add_file(writer, base, file_id)


def _is_of(row: FileRow, stack: str, job: Job) -> bool:
    return (marked(row).get("stack"), marked(row).get("job")) == (stack, job.name)


async def _drop(writer: Writer, file_id: str) -> None:
    with contextlib.suppress(NotFound):
        await files.delete(writer, file_id)
