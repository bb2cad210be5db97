"""What the manifests ask for, after tags, layers and variables: the input of every later station."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from owui_sync.errors import Problem
from owui_sync.values import Position


@dataclass(frozen=True, slots=True)
class Entry:
    """One object that must exist.

    Args:
        kind: singular kind name.
        key: its key, in the kind's normal spelling.
        values: path -> value as written (tags resolved, secrets as `Secret`), in normal form; only what is written.
        source: where the entry begins.
        positions: path -> where that value is written.
        keep: the object is never deleted.
        partial: made by `access_rules`, which covers objects that it does not own.
    """

    kind: str
    key: str
    values: Mapping[str, Any]
    source: Position
    positions: Mapping[str, Position] = field(default_factory=dict)
    keep: bool = False
    partial: bool = False

    @property
    def address(self) -> str:
        """`kind/key`."""
        return f"{self.kind}/{self.key}"

    def where(self, path: str) -> Position:
        """Where a value is written: the nearest known position of it or of what holds it."""
        while path:
            if path in self.positions:
                return self.positions[path]
            path = path.rpartition(".")[0]
        return self.source


@dataclass(frozen=True, slots=True)
class AccessRule:
    """One rule of `access_rules`: the models whose id fits one of the globs get this access (normal form)."""

    models: tuple[str, ...]
    access: Any
    source: Position


@dataclass(frozen=True, slots=True)
class Gone:
    """One name under `absent`."""

    kind: str
    key: str
    source: Position

    @property
    def address(self) -> str:
        """`kind/key`."""
        return f"{self.kind}/{self.key}"


@dataclass(frozen=True, slots=True)
class Move:
    """One line of `moved`: the object with the key `old` gets the key `new`."""

    kind: str
    old: str
    new: str
    source: Position

    @property
    def before(self) -> str:
        """`kind/key` as it was."""
        return f"{self.kind}/{self.old}"

    @property
    def after(self) -> str:
        """`kind/key` as it will be."""
        return f"{self.kind}/{self.new}"


@dataclass(frozen=True, slots=True)
class Desired:
    """All that the manifests ask for.

    Args:
        stack: who owns these resources.
        entries: address -> entry, in the order in which they are written.
        rules: bulk permissions for models.
        absent: what must not exist, whoever made it.
        moved: keys that changed while the objects stay.
        files: every file that was read, as messages show it: manifests and those named by tags.
        warnings: what is doubtful, though not wrong.
    """

    stack: str
    entries: Mapping[str, Entry]
    rules: tuple[AccessRule, ...] = ()
    absent: tuple[Gone, ...] = ()
    moved: tuple[Move, ...] = ()
    files: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def of(self, kind: str) -> Iterator[Entry]:
        """The entries of one kind."""
        return (entry for entry in self.entries.values() if entry.kind == kind)
