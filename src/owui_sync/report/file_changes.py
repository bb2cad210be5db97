"""What becomes of stored files, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from owui_sync.plan.stored_files import File, FileChanges
from owui_sync.report.visible import line
from owui_sync.report.words import ARROW, size


def files_summary(changes: FileChanges) -> str:
    """Return counts such as `2 added, 1 removed; 3.1 kB to upload`."""
    counts = {"added": changes.added, "changed": changes.changed, "moved": changes.moved, "removed": changes.removed}
    words = ", ".join(f"{len(files):,} {what}" for what, files in counts.items() if files)
    uploads = [*changes.added, *(new for _, new in changes.changed)]
    return words + (f"; {size(sum(file['size'] for file in uploads))} to upload" if uploads else "")


def file_lines(changes: FileChanges) -> Iterator[tuple[Literal["-", "»", "~", "+"], str]]:
    """Yield each file as a mark and a line, those that go first."""
    yield from (("-", _named(file)) for file in changes.removed)
    yield from (("»", f"{line(old['path'])}{ARROW}{line(new['path'])}") for old, new in changes.moved)
    for old, new in changes.changed:
        yield "~", f"{line(new['path'])} ({_size(old)}{ARROW}{_size(new)})"
    yield from (("+", _named(file)) for file in changes.added)


def _named(file: File) -> str:
    return f"{line(file['path'])} ({_size(file)})"


def _size(file: File) -> str:
    return size(file["size"]) if file["size"] else "size unknown"
