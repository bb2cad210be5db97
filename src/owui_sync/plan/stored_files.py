"""What differs between two sets of stored files: added, changed, moved, removed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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

    def document(self) -> Json:
        """Return the same for machines."""
        return {
            "added": [{"path": file["path"], "size": file["size"]} for file in self.added],
            "changed": [
                {"path": new["path"], "size_before": old["size"], "size": new["size"]} for old, new in self.changed
            ],
            "moved": [{"from": old["path"], "path": new["path"]} for old, new in self.moved],
            "removed": [{"path": file["path"], "size": file["size"]} for file in self.removed],
        }


def is_files(value: Any) -> bool:
    """Tell whether a value is a set of stored files: places with the digests of their contents."""
    return bool(value) and isinstance(value, list | tuple) and all(map(is_file, value))


def are_files(before: Any, after: Any) -> bool:
    """Tell whether two values are sets of stored files, of which one may be empty."""
    return all(isinstance(value, list | tuple) for value in (before, after)) and (is_files(before) or is_files(after))


def is_file(value: Any) -> bool:
    """Tell whether a value is one stored file."""
    return isinstance(value, Mapping) and value.keys() == {"path", "sha256", "size"}


def file_changes(before: Sequence[File], after: Sequence[File]) -> FileChanges:
    """Return what differs between two sets of files."""
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
    """Return files that go and come with the same bytes, in pairs."""
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
