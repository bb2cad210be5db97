"""What the manifests ask for, after tags, layers and variables: the input of every later station."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from owui_sync.errors import Diagnostic
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
        unmanaged: paths that stay as they are, also where they were applied earlier.
    """

    kind: str
    key: str
    values: Mapping[str, Any]
    source: Position
    positions: Mapping[str, Position] = field(default_factory=dict)
    keep: bool = False
    partial: bool = False
    unmanaged: frozenset[str] = frozenset()

    @property
    def address(self) -> str:
        """`kind/key`."""
        return f"{self.kind}/{self.key}"

    def where(self, path: str) -> Position:
        """Return where a value is written: the nearest known position of it or of what holds it."""
        return _nearest(path, self.positions) or self.source

    def leaves_alone(self, path: str) -> bool:
        """Return whether a path, or what holds it, is to stay as it is."""
        return any(path == some or path.startswith(f"{some}.") for some in self.unmanaged)


@dataclass(frozen=True, slots=True)
class AccessRule:
    """One rule of `access_rules`: the models whose id fits one of the globs get this access (normal form)."""

    models: tuple[str, ...]
    access: Any
    source: Position


@dataclass(frozen=True, slots=True)
class AbsentEntry:
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
class Job:
    """Something to be run on the server once its configuration converged.

    Args:
        name: its identity within the stack.
        type: `chat`, `research`, `task` or `archive`.
        spec: what it does, with the keys of that type. Files and images are `LocalFile`s; a chat always has `models`
            and `prompts`.
        run: when apply runs it: `once`, `on-change`, `always` or `manual`.
        needs: jobs that must have succeeded first.
        title: of the chat, or `auto`.
        tags: of the chat; `auto` among them adds those of a model.
        folder: path of the folder of the chat, or None.
        output: where the answer goes: `file` (a path from the current folder on), `note`, `knowledge`.
        expect: what the answer must be like.
        retries: how often a step that failed is tried again.
        source: where the job begins.
        positions: path, such as `chat.models`, -> where it is written.
    """

    name: str
    type: str
    spec: Mapping[str, Any]
    run: str
    needs: tuple[str, ...]
    title: str
    tags: tuple[str, ...]
    folder: str | None
    output: Mapping[str, str]
    expect: Mapping[str, Any]
    retries: int
    source: Position
    positions: Mapping[str, Position] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """`job/name`."""
        return f"job/{self.name}"

    def where(self, path: str) -> Position:
        """Return where a value is written: the nearest known position of it or of what holds it."""
        return _nearest(path, self.positions) or self.source


def _nearest(path: str, positions: Mapping[str, Position]) -> Position | None:
    while path:
        if path in positions:
            return positions[path]
        path = path.rpartition(".")[0]
    return None


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
        jobs: name -> job, in the order in which they are written.
        variables: names of the variables that a tag asked for: with the same values for these, the result is the same.
    """

    stack: str
    entries: Mapping[str, Entry]
    rules: tuple[AccessRule, ...] = ()
    absent: tuple[AbsentEntry, ...] = ()
    moved: tuple[Move, ...] = ()
    files: tuple[str, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    jobs: Mapping[str, Job] = field(default_factory=dict)
    variables: frozenset[str] = frozenset()

    @property
    def job_addresses(self) -> list[str]:
        """`job/name` of each job."""
        return [job.address for job in self.jobs.values()]

    def of(self, kind: str) -> Iterator[Entry]:
        """Return the entries of one kind."""
        return (entry for entry in self.entries.values() if entry.kind == kind)
