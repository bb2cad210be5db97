"""The plan: frozen data that says what an apply would do. Reports and the executor are two readers of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from owui_sync.address import Address
from owui_sync.errors import Diagnostic
from owui_sync.manifest.desired import Job
from owui_sync.manifest.fingerprint import ManifestFingerprint
from owui_sync.values import Position, digest, has_secret


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

    @property
    def is_hidden(self) -> bool:
        """Whether neither side may be shown: the field is secret, or a secret is in one of them."""
        return self.secret or has_secret(self.before) or has_secret(self.after)


@dataclass(frozen=True, slots=True)
class InventoryEntry:
    """What the inventory remembers of one object.

    Args:
        id: its id on the server; empty while a creation is on its way.
        fields: path -> fingerprint of the value last applied.
        keep: never delete it.
        partial: it is only covered by `access_rules`: when they no longer do, its access is reset and it stays.
        marker: the server's mark of the state in which it was last seen to have these values; empty for none.
        adopted: whether it was there before the stack took it; None where that is not known.
        owner: id of the user whose the object is; empty for kinds whose objects everybody may see.
    """

    id: str
    fields: Mapping[str, str] = field(default_factory=dict)
    keep: bool = False
    partial: bool = False
    marker: str = ""
    adopted: bool | None = None
    owner: str = ""


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
        rewritten: of an object that is replaced, what is written again as it was.
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
    record: InventoryEntry | None = None
    moved_from: str | None = None
    taken_from: str | None = None
    claim: str = ""
    rewritten: tuple[FieldChange, ...] = ()

    @property
    def address(self) -> str:
        """`kind/key`."""
        return str(Address(self.kind, self.key))

    @property
    def written(self) -> tuple[FieldChange, ...]:
        """The fields that are sent: a replaced object is made anew, so it gets all of its own, and needs no resets."""
        if self.action is not Action.REPLACE:
            return self.fields
        return (*(field for field in self.fields if field.cause is not Cause.RESET), *self.rewritten)

    @property
    def live_address(self) -> str:
        """`kind/key` under which the object is on the server now."""
        return str(Address(self.kind, self.moved_from or self.key))


class JobState(StrEnum):
    """How far the last run of a job is."""

    RUNNING = "running"
    """It runs, or was interrupted."""
    DONE = "done"
    FAILED = "failed"
    """A step failed; those before it are answered."""
    UNMET = "unmet"
    """All is answered, and not as it was expected."""


@dataclass(frozen=True, slots=True)
class JobRecord:
    """What is remembered of the last run of a job, in its chat and in the inventory.

    Args:
        state: how far it is.
        chat_id: its chat; empty for a job without one, and while it is being made.
        parts: digests of all that can change its answer, by what a person calls it.
        then: digests of what is done with the answer (`output`, `expect`).
        step: the step that was begun last, in words.
        started_at: UTC, ISO 8601.
        finished_at: the same; empty while it runs.
        seconds: what its steps took.
        tokens: questions and answers together, as the providers count them.
        error: why it failed, or empty.
    """

    state: JobState
    chat_id: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    then: Mapping[str, str] = field(default_factory=dict)
    step: str = ""
    started_at: str = ""
    finished_at: str = ""
    seconds: float = 0.0
    tokens: int = 0
    error: str = ""

    @property
    def hash(self) -> str:
        """Digest of all that can change the answer."""
        return digest(self.parts)


@dataclass(frozen=True, slots=True)
class DueJob:
    """A job that an apply would run.

    Args:
        job: the job, with its files.
        reason: why it runs, for a person.
        parts: as for `JobRecord`.
        then: as for `JobRecord`.
        last: the run that is gone on with: what it has answered is not asked again. None for a new one.
        claim: digest of what was known of its last run when the plan was made; empty where nobody looked.
    """

    job: Job
    reason: str
    parts: Mapping[str, str]
    then: Mapping[str, str]
    last: JobRecord | None = None
    claim: str = ""


@dataclass(frozen=True, slots=True)
class ServerIdentity:
    """The server that a plan is for.

    Args:
        instance: digest that tells one installation from another, whatever its URL; empty where it is not known.
    """

    url: str
    version: str
    instance: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that an apply would do.

    Args:
        changes: in the order in which a person reads them: deletes last.
        unchanged: addresses of objects that are as they should be.
        awaited: addresses of deferred objects: users that have not signed in yet.
        settled: address -> what the inventory must say of objects that need no change (None: forget it).
        want: what was read from the server, so that a saved plan reads the same again.
        owned: how many objects the stack owned before.
        serial: of the inventory that the plan was made with; `settled` only counts while it is the newest.
        message: for the server's histories.
        requests: HTTP requests that were sent for it.
        created_at: UTC, ISO 8601.
        jobs: what runs after the changes, in the order of the manifests.
        manifests: which manifests it was made of.
        claims: the stack owns objects, and the manifests name none of them: they may be another project's.
        account: id of the user of the token, where the plan depends on who that is.
        refusals: why a rule of safety forbids the plan; with any, it is shown and never applied.
        drift_only: it is reduced to what drifted on the server; it is shown and never applied.
    """

    stack: str
    server: ServerIdentity
    changes: tuple[Change, ...]
    unchanged: tuple[str, ...] = ()
    awaited: tuple[str, ...] = ()
    settled: Mapping[str, InventoryEntry | None] = field(default_factory=dict)
    want: frozenset[str] = frozenset()
    owned: int = 0
    serial: int = 0
    warnings: tuple[str, ...] = ()
    message: str = ""
    requests: int = 0
    created_at: str = ""
    tool: str = ""
    jobs: tuple[DueJob, ...] = ()
    manifests: ManifestFingerprint = field(default_factory=ManifestFingerprint)
    claims: bool = False
    account: str | None = None
    refusals: tuple[Diagnostic, ...] = ()
    drift_only: bool = False

    @property
    def empty(self) -> bool:
        """Whether the server is as the manifests want it, and no job is due."""
        return not self.changes and not self.jobs

    def count(self, action: Action) -> int:
        """Return how many changes are of that action."""
        return sum(change.action is action for change in self.changes)
