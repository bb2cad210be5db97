"""Stored files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Required, TypedDict
from uuid import UUID

from owui_sync.client.errors import NotAnId, NotFound, PartialList
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import as_row, as_rows
from owui_sync.client.writer import Writer

_FILES = "/api/v1/files/"
_SEARCH = "/api/v1/files/search"
_MOST = 1000


class FileMeta(TypedDict, total=False):
    """What is known of the bytes of a file.

    Keys:
        name: as it was uploaded.
        content_type: as it was uploaded.
        size: in bytes.
        file_hash: SHA-256 of the bytes in hex, or what the metadata of the upload said instead; since 0.9.6.
        data: the metadata of the upload.
    """

    name: str | None
    content_type: str | None
    size: int | None
    file_hash: str
    data: dict[str, Any] | None


class FileRow(TypedDict, total=False):
    """A stored file, as measured on servers of all tested versions.

    Keys:
        id: a UUID.
        filename: without folders; not unique.
        user_id: the owner.
        hash: of the extracted text; null until it is indexed.
        data: `status`, `error`, and with one file alone `content`, its text.
        meta: of its bytes.
        created_at: seconds since 1970.
        updated_at: as `created_at`.
    """

    id: Required[str]
    filename: str
    user_id: str
    hash: str | None
    data: dict[str, Any] | None
    meta: FileMeta | None
    created_at: int
    updated_at: int | None


async def search(reader: Reader, pattern: str) -> list[FileRow]:
    """Return the files whose name fits a pattern (`*`, `?`; upper and lower case are the same), newest first.

    Administrators see everybody's files, others their own. The rows come without the extracted text. Before 0.8.0 the
    order is any, and the server reads all files.

    Requests: one for 1,000 files; before 0.8.0 one.

    Raises:
        PartialList: files came or went while they were listed.
    """
    rows: dict[str, FileRow] = {}
    while True:
        page = await _search_page(reader, pattern, len(rows))
        known = len(rows)
        rows.update((row["id"], row) for row in page)
        if len(page) < _MOST or len(rows) == known:
            return list(rows.values())
        if len(rows) < known + len(page):
            raise PartialList(_SEARCH, len(rows), known + len(page))


async def _search_page(reader: Reader, pattern: str, skip: int) -> list[FileRow]:
    """Return some files that fit; none where nothing fits, of which the server says 404."""
    try:
        answer = await reader.get(_SEARCH, filename=pattern, content=False, limit=_MOST, skip=skip)
    except NotFound:
        return []
    return as_rows(answer, "GET", _SEARCH, ("id", "filename"))


async def download(reader: Reader, file_id: str) -> bytes:
    """Return the stored original, byte for byte. One request.

    Raises:
        NotFound: there is no such file, or another user's, or its original is gone.
    """
    return await reader.get_bytes(f"{_path(file_id)}/content")


async def save(reader: Reader, file_id: str, into: Path, size: int = 0) -> None:
    """Save the stored original, byte for byte, into a file. One request; see `Transport.save`.

    Raises:
        NotFound: there is no such file, or another user's, or its original is gone.
        OSError: the file cannot be written.
    """
    await reader.save(f"{_path(file_id)}/content", into, size)


async def upload(
    writer: Writer,
    filename: str,
    content: bytes | BinaryIO,
    metadata: Mapping[str, Any] | None = None,
    *,
    process: bool = False,
    wait: bool = False,
) -> FileRow:
    """Store a file. One request, sent once. The server drops folders from the name and allows a name many times.

    Args:
        writer: the client.
        filename: its name.
        content: its bytes, at least one: an empty file is refused. A `BinaryIO` is read while it is sent.
        metadata: kept in `meta.data` of the row; `file_hash` in it replaces the server's own digest. From 0.9.6 on
            `knowledge_id` (and `directory_id`) put the file into a knowledge base once its text is ready.
        process: whether to extract and index the text; without, any type of file is accepted.
        wait: the answer only comes when that is done or has failed, and does not tell which of the two: `get` does.
            A connection that is cut does not stop it. Without, it goes on after the answer.
    """
    part = {"process": process, **({"process_in_background": False} if process and wait else {})}
    return as_row(await writer.upload(_FILES, filename, content, metadata, **part), "POST", _FILES, FileRow)


async def status(reader: Reader, file_id: str) -> str:
    """Return how far the server is with the text of a file: `pending`, `processing`, `completed` or `failed`.

    One request.

    It does not say why one failed: `get` does, in `data.error`.
    """
    path = f"{_path(file_id)}/process/status"
    return str(as_row(await reader.get(path), "GET", path).get("status"))


async def get(reader: Reader, file_id: str) -> FileRow:
    """Return one file with its extracted text (`data.content`). One request.

    Raises:
        NotFound: there is no such file, or another user's.
    """
    path = _path(file_id)
    return as_row(await reader.get(path), "GET", path, FileRow)


async def rename(writer: Writer, file_id: str, filename: str) -> None:
    """Give a file another name. One request; since 0.10.0. Citations keep the old one until it is indexed anew."""
    await writer.update(f"{_path(file_id)}/rename", {"filename": filename})


async def delete(writer: Writer, file_id: str) -> None:
    """Delete a file, and take it out of every knowledge base. One request."""
    await writer.delete(_path(file_id))


def _path(file_id: str) -> str:
    """Return the path of a file. Ids are UUIDs.

    Anything else may be a route, and `DELETE /files/all` deletes all files.
    """
    try:
        return f"{_FILES}{UUID(file_id)}"
    except ValueError:
        raise NotAnId(file_id) from None
