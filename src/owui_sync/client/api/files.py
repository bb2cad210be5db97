"""Stored files.

A row has `id`, `filename`, `user_id`, `hash` (of the extracted text; null until it is indexed), `data`, `meta`
(`name`, `content_type`, `size` in bytes, `file_hash`: sha256 of the raw bytes in hex, `data`: the metadata of the
upload), `created_at`, `updated_at` (seconds). Before 0.9.6 there is no `file_hash`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from owui_sync.client.errors import NotAnId, NotFound, PartialList
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, as_row, as_rows
from owui_sync.client.writer import Writer

_FILES = "/api/v1/files/"
_SEARCH = "/api/v1/files/search"
_MOST = 1000


async def search(reader: Reader, pattern: str) -> list[Row]:
    """The files whose name fits a pattern (`*`, `?`; upper and lower case are the same), newest first. One request.

    Administrators see everybody's files, others their own. The rows come without the extracted text. The server says
    404 where nothing fits; here that is an empty list. Before 0.8.0 the order is any, and the server reads all files.

    Raises:
        PartialList: more fit than one answer holds.
    """
    try:
        answer = await reader.get(_SEARCH, filename=pattern, content=False, limit=_MOST)
    except NotFound:
        return []
    rows = as_rows(answer, "GET", _SEARCH, ("id", "filename"))
    if len(rows) == _MOST:
        raise PartialList(_SEARCH, _MOST, _MOST + 1, hint="use a pattern that fits fewer files")
    return rows


async def download(reader: Reader, file_id: str) -> bytes:
    """The stored original, byte for byte. One request.

    Raises:
        NotFound: there is no such file, or another user's, or its original is gone.
    """
    return await reader.get_bytes(f"{_path(file_id)}/content")


async def upload(
    writer: Writer, filename: str, content: bytes, metadata: Mapping[str, Any] | None = None, *, process: bool = False
) -> Row:
    """Store a file. One request, sent once. The server drops folders from the name and allows a name many times.

    Args:
        writer: the client.
        filename: its name.
        content: its bytes, at least one: an empty file is refused.
        metadata: kept in `meta.data` of the row; `file_hash` in it replaces the server's own digest.
        process: whether to extract and index the text, which goes on after the answer (`data.status`); without,
            any type of file is accepted.
    """
    return as_row(await writer.upload(_FILES, filename, content, metadata, process=process), "POST", _FILES)


async def status(reader: Reader, file_id: str) -> str:
    """How far the server is with the text of a file: `pending`, `processing`, `completed` or `failed`. One request.

    It does not say why one failed: `get` does, in `data.error`.
    """
    path = f"{_path(file_id)}/process/status"
    return str(as_row(await reader.get(path), "GET", path).get("status"))


async def get(reader: Reader, file_id: str) -> Row:
    """One file with its extracted text (`data.content`). One request.

    Raises:
        NotFound: there is no such file, or another user's.
    """
    path = _path(file_id)
    return as_row(await reader.get(path), "GET", path)


async def delete(writer: Writer, file_id: str) -> None:
    """Delete a file, and take it out of every knowledge base. One request."""
    await writer.delete(_path(file_id))


def _path(file_id: str) -> str:
    """The path of a file. Ids are UUIDs: anything else may be a route, and `DELETE /files/all` deletes all files."""
    try:
        return f"{_FILES}{UUID(file_id)}"
    except ValueError:
        raise NotAnId(file_id) from None
