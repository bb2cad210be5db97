"""The plan: frozen data that says what an apply would do. Reports and the executor are two readers of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from owui_sync.values import Position


class Action(StrEnum):
    """What happens to one object."""

    CREATE = "create"
    ADOPT = "adopt"
    UPDATE = "update"
    MOVE = "move"
    REPLACE = "replace"
    DELETE = "delete"

    @property
    def symbol(self) -> str:
        """The mark in front of a line of the human plan."""
        return {"create": "+", "adopt": "<", "update": "~", "move": "»", "replace": "±", "delete": "-"}[self.value]


class Cause(StrEnum):
    """Why a field differs."""

    MANIFEST = "manifest"
    """It was written or edited in the manifests."""
    DRIFT = "drift"
    """The manifests say what was last applied; somebody changed it on the server."""
    RESET = "reset"
    """It was applied earlier and is no longer written: back to the default."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one object.

    Args:
        path: such as `params.temperature`.
        before: value on the server (`ABSENT` for none), in normal form.
        after: value to be written (`ABSENT` takes a leaf away); may hold a `Secret`.
        secret: neither side may be shown.
    """

    path: str
    before: Any
    after: Any
    cause: Cause
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """What the inventory remembers of one object.

    Args:
        id: its id on the server; empty while a creation is on its way.
        fields: path -> fingerprint of the value last applied.
        keep: never delete it.
        partial: it is only covered by `access_rules`: when they no longer do, its access is reset and it stays.
        marker: the server's mark of the state in which it was last seen to have these values; empty for none.
    """

    id: str
    fields: Mapping[str, str] = field(default_factory=dict)
    keep: bool = False
    partial: bool = False
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one object.

    Args:
        id: the server's id; None for an object that does not exist yet.
        source: where the manifests ask for it; None for what they no longer name.
        fields: what differs; for a create every written field.
        precondition: `absent`, or a digest of the object as the plan saw it.
        depends_on: addresses of changes in the same plan that come first.
        reason: one short sentence for a person, such as `no longer in the manifests`.
        record: what the inventory says afterwards; None forgets the object.
        claim: digest of what the inventory said of the object when the plan was made.
        taken_from: the stack that owned the object until now, with `--take-over`.
        moved_from: the key that the object has on the server, where a move gives it another one.
    """

    action: Action
    kind: str
    key: str
    id: str | None
    source: Position | None
    fields: tuple[FieldChange, ...]
    precondition: str
    depends_on: tuple[str, ...] = ()
    reason: str = ""
    record: Record | None = None
    moved_from: str | None = None
    taken_from: str | None = None
    claim: str = ""

    @property
    def address(self) -> str:
        """`kind/key`."""
        return f"{self.kind}/{self.key}"

    @property
    def live_address(self) -> str:
        """`kind/key` under which the object is on the server now."""
        return f"{self.kind}/{self.moved_from or self.key}"


@dataclass(frozen=True, slots=True)
class Server:
    """The server that a plan is for."""

    url: str
    version: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All that an apply would do.

    Args:
        changes: in the order in which a person reads them: deletes last.
        unchanged: addresses of objects that are as they should be.
        awaited: addresses of objects that come to be by other ways, such as users that have not signed in yet.
        settled: address -> what the inventory must say of objects that need no change (None: forget it).
        want: what was read from the server, so that a saved plan reads the same again.
        owned: how many objects the stack owned before.
        serial: of the inventory that the plan was made with; `settled` only counts while it is the newest.
        message: for the server's histories.
        requests: HTTP requests that were sent for it.
        created_at: UTC, ISO 8601.
    """

    stack: str
    server: Server
    changes: tuple[Change, ...]
    unchanged: tuple[str, ...] = ()
    awaited: tuple[str, ...] = ()
    settled: Mapping[str, Record | None] = field(default_factory=dict)
    want: frozenset[str] = frozenset()
    owned: int = 0
    serial: int = 0
    warnings: tuple[str, ...] = ()
    message: str = ""
    requests: int = 0
    created_at: str = ""
    tool: str = ""

    @property
    def empty(self) -> bool:
        """Whether the server is as the manifests want it."""
        return not self.changes

    def count(self, action: Action) -> int:
        """How many changes are of that action."""
        return sum(change.action is action for change in self.changes)
