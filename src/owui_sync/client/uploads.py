"""What follows an upload: the server extracts the text and indexes it, which goes on after its answer."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO

from owui_sync.client.api import files, knowledge
from owui_sync.client.api.files import FileRow
from owui_sync.client.errors import ApiError, ClientError
from owui_sync.client.reader import Reader
from owui_sync.client.silence import Silence
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError

PATIENCE = 600.0
"""Seconds that the server may take for the text of one file."""


_LONGEST_PATH = 300
"""Characters of a path that a message repeats."""


class FileRefused(OwuiSyncError):
    """A file of this machine cannot be used, or the server did not take it; says which file, and why."""


async def unreadable(reader: Reader, file_id: str, patience: float = PATIENCE) -> str:
    """Wait until the server has the text of a file; the reason when it cannot, else nothing.

    Requests: one or more, the longer it takes; one more for the reason.
    """
    pause, waited = 0.1, 0.0
    with Silence(f"the text of file {file_id}", patience):
        while waited < patience:
            status = await files.status(reader, file_id)
            if status == "completed":
                return ""
            if status == "failed":
                return str(((await files.get(reader, file_id)).get("data") or {}).get("error") or "no reason given")
            await asyncio.sleep(pause)
            waited, pause = waited + pause, min(pause * 1.5, 2.0)
    return f"its text was not ready after {patience:.0f} s"


async def upload(writer: Writer, path: Path) -> FileRow:
    """Send a file of this machine, and wait until the server has its text. What it cannot read is deleted again.

    Requests: two or more, the longer it takes.

    Raises:
        FileRefused: it cannot be read, here or there.
    """
    try:
        with path.open("rb") as content:
            return await upload_content(writer, path.name, content, str(path))
    except OSError as error:
        raise FileRefused(f"it cannot be read: {error.strerror}", where=str(path)) from None


async def upload_content(
    writer: Writer, name: str, content: bytes | BinaryIO, where: str, patience: float = PATIENCE
) -> FileRow:
    """Send a file of that name, and wait until the server has its text. What it cannot read is deleted again.

    Args:
        writer: the client.
        name: what the server calls it.
        content: its bytes.
        where: its path, for errors.
        patience: seconds to wait for the text.

    Requests: two or more, the longer it takes.

    Raises:
        FileRefused: the server does not take it or cannot read it.
    """
    try:
        row = await files.upload(writer, name, content, process=True)
    except ApiError as error:
        raise _refused(where, error.detail) from error
    async with _kept(writer, row["id"]):
        if reason := await unreadable(writer, row["id"], patience):
            raise _refused(where, reason)
    return row


async def add_to_knowledge(writer: Writer, knowledge_id: str, path: Path) -> None:
    """Put a file of this machine into a knowledge base, and wait until it can be found there.

    A file of the same name and content that is there already counts. What does not get in is deleted again.

    Requests: three or more; two more where the base has that text already.

    Raises:
        FileRefused: it did not get in; names the file, and why.
    """
    row = await upload(writer, path)
    try:
        async with _kept(writer, row["id"]):
            await knowledge.add_file(writer, knowledge_id, row["id"], seconds=PATIENCE)
    except ApiError as error:
        twin = "duplicate content" in error.detail.lower()
        if not (twin and await _is_there(writer, knowledge_id, path)):
            raise _refused(str(path), error.detail) from error


def existing(path: str | Path, what: str = "file") -> Path:
    """Return the path of a file that is there; `what` is for the message.

    Raises:
        FileRefused: there is none, or it is a folder.
    """
    found = Path(path)
    try:
        if found.is_file():
            return found
        reason = "it is a folder" if found.is_dir() else f"there is no such {what}"
    except OSError as error:
        reason = f"the {what} cannot be read: {error.strerror}"
    raise FileRefused(reason, where=_shortened(path), hint="give the path of a file that exists")


def _shortened(path: str | Path) -> str:
    return str(path) if len(str(path)) <= _LONGEST_PATH else f"{str(path)[:_LONGEST_PATH]}…"


@asynccontextmanager
async def _kept(writer: Writer, file_id: str) -> AsyncIterator[None]:
    """Delete a file of the server again when the block does not end well."""
    try:
        yield
    except BaseException:
        with contextlib.suppress(ClientError):
            await files.delete(writer, file_id)
        raise


async def _is_there(reader: Reader, knowledge_id: str, path: Path) -> bool:
    """Return whether a knowledge base has a file of that name and content; before 0.9.6 told by its text alone."""
    digest = hashlib.sha256(await asyncio.to_thread(path.read_bytes)).hexdigest()
    rows = [row for row in await knowledge.files(reader, knowledge_id) if row.get("filename") == path.name]
    return any(digest in (row.get("hash"), (row.get("meta") or {}).get("file_hash")) for row in rows)


def _refused(where: str, reason: str) -> FileRefused:
    return FileRefused(f"the server did not take it: {reason}", where=where)
