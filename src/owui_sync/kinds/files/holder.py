"""Kinds whose objects hold files."""

from __future__ import annotations

from typing import ClassVar, Protocol, runtime_checkable

from owui_sync.kinds.base import Kind
from owui_sync.kinds.rows import Row


@runtime_checkable
class FileHolder(Protocol):
    """A kind with a field that is a set of stored files."""

    files_field: ClassVar[str]

    def stored_files(self, row: Row) -> list[tuple[str, Row]]:
        """Return the id of each file and how a manifest sees it, from the row of an object that was read in full."""


def files_field(kind: Kind) -> str | None:
    """Return the name of the field that is a set of stored files, or None for a kind without one."""
    return kind.files_field if isinstance(kind, FileHolder) else None
