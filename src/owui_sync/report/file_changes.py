"""What becomes of stored files, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from owui_sync.errors import OwuiSyncError
from owui_sync.plan.stored_files import File, FileChanges
from owui_sync.report.visible import line
from owui_sync.report.words import ARROW, size
from owui_sync.values import LocalFile, StoredFile


def files_summary(changes: FileChanges) -> str:
    """Return counts such as `2 added, 1 removed; 3.1 kB to upload`."""
    counts = {"added": changes.added, "changed": changes.changed, "moved": changes.moved, "removed": changes.removed}
    words = ", ".join(f"{len(files):,} {what}" for what, files in counts.items() if files)
    uploads = [*changes.added, *(new for _, new in changes.changed)]
    return words + (f"; {size(sum(file['size'] for file in uploads))} to upload" if uploads else "")


Mark = Literal["-", "+", "~", "»", " ", "@"]
"""Removed, added, changed, moved, context, or the head of a passage."""
Inside = Callable[[str, str], Iterable[tuple[Mark, str]]]
"""Texts of a file before and after -> the lines that differ."""

_DIGEST = 8
"""Characters of a digest that are shown."""


def file_lines(changes: FileChanges, inside: Inside | None = None) -> Iterator[tuple[Mark, str]]:
    """Yield each file as a mark and a line, those that go first.

    Args:
        inside: gives what differs in a file whose texts are known on both sides; None leaves that out.
    """
    yield from (("-", _named(file)) for file in changes.removed)
    yield from (("»", f"{line(old['path'])}{ARROW}{line(new['path'])}") for old, new in changes.moved)
    for old, new in changes.changed:
        yield "~", f"{line(new['path'])} ({_size(old)}{ARROW}{_size(new)}{_digests(old, new)})"
        before, after = _text(old), _text(new)
        if inside and before is not None and after is not None:
            yield from inside(before, after)
    yield from (("+", _named(file)) for file in changes.added)


def _named(file: File) -> str:
    return f"{line(file['path'])} ({_size(file)})"


def _size(file: File) -> str:
    return size(file["size"]) if file["size"] else "size unknown"


def _digests(old: File, new: File) -> str:
    """Return the beginnings of both digests, for a stored file that is no text: its size alone says little."""
    if not isinstance(old, StoredFile) or (_text(old) is not None and _text(new) is not None):
        return ""
    return f", sha256 {old['sha256'][:_DIGEST]}{ARROW}{new['sha256'][:_DIGEST]}"


def _text(file: File) -> str | None:
    """Return the text of a file; None for one that is no text, or of which the server tells the digest only."""
    if isinstance(file, StoredFile):
        return file.text
    if not isinstance(file, LocalFile):
        return None
    try:
        with file.open() as opened:
            return opened.read().decode("utf-8")
    except (OSError, UnicodeDecodeError, OwuiSyncError):  # Gone or edited since: apply says so.
        return None
