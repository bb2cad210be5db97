"""Kinds whose objects lie in each other: a key is a path with slashes."""

from __future__ import annotations

from owui_sync.kinds.base import Kind
from owui_sync.kinds.names import Reference
from owui_sync.kinds.rows import R


def split(key: str) -> tuple[str, str]:
    """Return the key of the parent, empty at the top, and the last name."""
    parent, _, name = key.rpartition("/")
    return parent, name


class TreeKind(Kind[R]):
    """A kind whose keys are paths."""

    def parents(self, key: str) -> list[Reference]:
        """Return the objects that a key itself names."""
        return [(self.name, parent)] if (parent := split(key)[0]) else []

    def key_after_parent_move(self, key: str, old: str, new: str) -> str | None:
        """Return what `key` becomes when `old` becomes `new`; None when its object does not lie in that one."""
        return new + key.removeprefix(old) if key.startswith(f"{old}/") else None

    def move_blocker(self, old: str, new: str) -> str | None:
        """Return why no server can ever change the key `old` into `new`; None when nothing speaks against it."""
        return f"a {self.name} cannot be moved into itself" if new.startswith(f"{old}/") else None
