"""Kinds whose objects hold files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

from owui_sync.kinds.base import Kind
from owui_sync.kinds.rows import Row

if TYPE_CHECKING:
    from owui_sync.client.reader import Reader


@runtime_checkable
class FileHolder(Protocol):
    """A kind with a field that is a set of stored files."""

    files_field: ClassVar[str]
    distinct_files: ClassVar[bool]
    """Whether the server keeps no empty file, and no content twice in one object."""
    inline_files: ClassVar[bool]
    """Whether the row of an object has the content of its files, so that every export saves them."""

    def stored_files(self, row: Any) -> list[tuple[str, Row]]:
        """Return the id of each file and how a manifest sees it, from the row of an object that was read in full."""

    async def save_file(self, reader: Reader, row: Any, id: str, path: Path, size: int) -> None:
        """Write a stored file of about `size` bytes to `path`. Raises OSError when it cannot be written."""


def files_field(kind: Kind) -> str | None:
    """Return the name of the field that is a set of stored files, or None for a kind without one."""
    return kind.files_field if isinstance(kind, FileHolder) else None


def has_distinct_files(kind: Kind) -> bool:
    """Return `FileHolder.distinct_files`; False for a kind without files."""
    return isinstance(kind, FileHolder) and kind.distinct_files
