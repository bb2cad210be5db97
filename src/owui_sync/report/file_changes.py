"""What differs between two sets of stored files: added, changed, moved, removed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from owui_sync.report.visible import line
from owui_sync.report.words import ARROW, size
from owui_sync.values import Json

File = Mapping[str, Any]
"""`path`, `sha256` and `size` (bytes; 0 where the server does not say)."""


@dataclass(frozen=True, slots=True)
class FileChanges:
    """The files of two sets, by what becomes of them, each by place.

    Args:
        added: only in the second one.
        changed: in both, with other bytes: before and after.
        moved: the same bytes in another place: before and after.
        removed: only in the first one, and second ones of one place.
    """

    added: tuple[File, ...]
    changed: tuple[tuple[File, File], ...]
    moved: tuple[tuple[File, File], ...]
    removed: tuple[File, ...]

    @property
    def summary(self) -> str:
        """Such as `2 added, 1 removed; 3.1 kB to upload`."""
        counts = {"added": self.added, "changed": self.changed, "moved": self.moved, "removed": self.removed}
        words = ", ".join(f"{len(files):,} {what}" for what, files in counts.items() if files)
        uploads = [*self.added, *(new for _, new in self.changed)]
        return words + (f"; {size(sum(file['size'] for file in uploads))} to upload" if uploads else "")

    def lines(self) -> Iterator[tuple[Literal["-", "»", "~", "+"], str]]:
        """Each file as a mark and a line, those that go first."""
        yield from (("-", _named(file)) for file in self.removed)
        yield from (("»", f"{line(old['path'])}{ARROW}{line(new['path'])}") for old, new in self.moved)
        for old, new in self.changed:
            yield "~", f"{line(new['path'])} ({_size(old)}{ARROW}{_size(new)})"
        yield from (("+", _named(file)) for file in self.added)

    def document(self) -> Json:
        """The same for machines."""
        return {
            "added": [{"path": file["path"], "size": file["size"]} for file in self.added],
            "changed": [
                {"path": new["path"], "size_before": old["size"], "size": new["size"]} for old, new in self.changed
            ],
            "moved": [{"from": old["path"], "path": new["path"]} for old, new in self.moved],
            "removed": [{"path": file["path"], "size": file["size"]} for file in self.removed],
        }


def file_changes(before: Sequence[File], after: Sequence[File]) -> FileChanges:
    """What differs between two sets of files."""
    new = {file["path"]: file for file in after}
    old: dict[str, File] = {}
    gone: list[File] = []
    wanted = {(file["path"], file["sha256"]) for file in after}
    for file in sorted(before, key=lambda file: (file["path"], file["sha256"]) not in wanted):
        if file["path"] in new and old.setdefault(file["path"], file) is file:
            continue
        gone.append(file)
    fresh = [file for path, file in new.items() if path not in old]
    moved = _moved(gone, fresh)
    ends = {id(file) for pair in moved for file in pair}
    changed = [(old[path], file) for path, file in new.items() if path in old and old[path]["sha256"] != file["sha256"]]
    return FileChanges(
        _sorted(file for file in fresh if id(file) not in ends),
        tuple(sorted(changed, key=lambda pair: str(pair[1]["path"]))),
        tuple(moved),
        _sorted(file for file in gone if id(file) not in ends),
    )


def _moved(gone: Sequence[File], fresh: Sequence[File]) -> list[tuple[File, File]]:
    """Files that go and come with the same bytes, in pairs."""
    places: dict[str, list[File]] = {}
    for file in sorted(gone, key=_place, reverse=True):
        if file["sha256"]:
            places.setdefault(file["sha256"], []).append(file)
    pairs = []
    for file in sorted(fresh, key=_place):
        if candidates := places.get(file["sha256"]):
            pairs.append((candidates.pop(), file))
    return pairs


def _sorted(files: Iterator[File]) -> tuple[File, ...]:
    return tuple(sorted(files, key=_place))


def _place(file: File) -> str:
    return str(file["path"])


def _named(file: File) -> str:
    return f"{line(file['path'])} ({_size(file)})"


def _size(file: File) -> str:
    return size(file["size"]) if file["size"] else "size unknown"
