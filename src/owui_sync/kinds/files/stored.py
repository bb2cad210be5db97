"""What the row of a file in a knowledge base tells: its place, its digest, and whether this tool put it there.

Every upload carries a mark: the knowledge base, the place and the sha256 of the bytes. By it a file is known again when
the run that sent it was killed, and on servers that know neither directories nor digests (before 0.9.6).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from owui_sync.client.api.files import FileRow
from owui_sync.client.api.knowledge import KnowledgeFileRow
from owui_sync.kinds.rows import Row
from owui_sync.values import LocalFile

MARK = "owui_sync"
"""The key of the mark in the metadata of an upload."""


def mark(base: str, file: LocalFile) -> dict[str, str]:
    """Return what `marked` finds again of a file that was uploaded to the knowledge base `base`."""
    return {"knowledge": base, "path": file["path"], "sha256": file["sha256"]}


def marked(row: FileRow) -> Mapping[str, str]:
    """Return the mark of a stored file: `knowledge`, `path`, `sha256`; empty for one that somebody else uploaded."""
    found = ((row.get("meta") or {}).get("data") or {}).get(MARK)
    return {key: str(value) for key, value in found.items()} if isinstance(found, Mapping) else {}


def is_ours(row: FileRow) -> bool:
    """Return whether this tool uploaded the file."""
    return bool(marked(row))


def flat(place: str) -> str:
    """Return the name of a file where there are no directories: `docs/api/x.md` is `docs__api__x.md`."""
    return place.replace("/", "__")


def seen(row: KnowledgeFileRow) -> Row:
    """Return place, sha256 and size (bytes) of a file of a knowledge base, as a manifest would say it.

    Where there are no directories (`directory_path` is None) the place is the one in the mark, unless somebody gave the
    file another name; where there is no digest, it is the one in the mark.
    """
    meta, noted, name = row.get("meta") or {}, marked(row), row.get("filename") or ""
    folder, place = row.get("directory_path"), noted.get("path", "")
    if folder is not None or flat(place) != name:
        place = f"{folder}/{name}" if folder else name
    digest, size = str(meta.get("file_hash") or noted.get("sha256") or ""), meta.get("size")
    return {"path": place, "sha256": digest, "size": size if isinstance(size, int) else 0}


def likely(rows: Iterable[FileRow], wanted: Iterable[Row]) -> set[str]:
    """Return the places where the files of a base probably are: where they are wanted, and where they were put."""
    return {*(file["path"] for file in wanted), *(place for row in rows if (place := marked(row).get("path")))}
