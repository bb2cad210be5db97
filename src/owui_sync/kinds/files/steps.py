"""From the files that are there to those that are wanted: what to upload, what to move, what must go. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from owui_sync.client.api.knowledge import KnowledgeFileRow
from owui_sync.kinds.files.stored import seen
from owui_sync.values import LocalFile

Movable = Callable[[KnowledgeFileRow, LocalFile], bool]
"""Whether a row can be given the place of a file."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What to do with the files of one knowledge base.

    Args:
        upload: files whose bytes are not there.
        move: rows that have the bytes of a file and lie elsewhere, or have another name, and that file.
        remove: rows that nothing wants, former versions of files to upload among them.
    """

    upload: list[LocalFile]
    move: list[tuple[KnowledgeFileRow, LocalFile]]
    remove: list[KnowledgeFileRow]


def steps(
    wanted: Iterable[LocalFile],
    there: Iterable[KnowledgeFileRow],
    movable: Movable,
) -> Steps:
    """Compare by place and digest; of two rows for one file the second one goes.

    Args:
        movable: whether a row can be given the place of a file.
    """
    missing = {(file["path"], file["sha256"]): file for file in wanted}
    left = []
    for row in there:
        at = seen(row)
        if missing.pop((at["path"], at["sha256"]), None) is None:
            left.append(row)
    move = list(_moves(missing.values(), left, movable))
    moved, placed = {row["id"] for row, _ in move}, {file["path"] for _, file in move}
    return Steps(
        upload=[file for file in missing.values() if file["path"] not in placed],
        move=move,
        remove=[row for row in left if row["id"] not in moved],
    )


def _moves(
    missing: Iterable[LocalFile],
    left: Iterable[KnowledgeFileRow],
    movable: Movable,
) -> Iterable[tuple[KnowledgeFileRow, LocalFile]]:
    """Yield each row at most once; one that has the file's name already comes first, as only its directory changes."""
    by_digest: dict[str, list[KnowledgeFileRow]] = defaultdict(list)
    for row in left:
        by_digest[seen(row)["sha256"]].append(row)
    for file in missing:
        fit = [row for row in by_digest.get(file["sha256"], ()) if movable(row, file)]
        if fit:
            row = min(fit, key=lambda row: row["filename"] != file["path"].rpartition("/")[2])
            by_digest[file["sha256"]].remove(row)
            yield row, file
