"""The unit of work as data: what one instance is asked to do, and what came of it. Both can be pickled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from owui_sync.errors import NO_SERVER
from owui_sync.manifest.config import Target
from owui_sync.manifest.fingerprint import ManifestFingerprint
from owui_sync.plan.options import Options
from owui_sync.plan.safety import Threshold
from owui_sync.values import Json


class Command(StrEnum):
    """What is done with each instance."""

    PLAN = "plan"
    APPLY = "apply"
    DRIFT = "drift"
    STATUS = "status"


class Status(StrEnum):
    """How an instance fared."""

    UNCHANGED = "unchanged"
    """It is as the manifests want it."""
    CHANGED = "changed"
    """It was changed; or a plan says that it would be."""
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    """There was no connection, or the server was not ready; nothing was changed."""
    NOT_STARTED = "not_started"


DONE = (Status.UNCHANGED, Status.CHANGED)
"""What `--resume` does not do again."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line says for every instance.

    Args:
        options: message and permissions of the plans; their selection is that of the command line alone.
        threshold: how much may be deleted in each; None: the default.
        variables: of `--var` and `--var-file`.
        only: of `--only`.
        exclude: of `--exclude`.
        allow_outside: tags may read files outside the project.
        lock_timeout: seconds to wait for another run of the same stack.
        timeout: seconds for one request; None: the client's default.
        parallelism: requests, and changes, at the same time.
        rate: requests per second to one instance.
        wait: seconds to wait until a server is ready; None: not at all.
        insecure: neither check certificates nor refuse a token on plain http.
    """

    options: Options = field(default_factory=Options)
    threshold: Threshold | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    allow_outside: bool = False
    lock_timeout: float = 60
    timeout: float | None = None
    parallelism: int = 4
    rate: float | None = None
    wait: float | None = None
    insecure: bool = False


@dataclass(frozen=True, slots=True)
class InstanceSpec:
    """What is to be done with one instance.

    Args:
        name: of the instance.
        url: its address.
        command: what to do.
        target: layers, variables, stack and connection; secrets are in it by name only.
        settings: those of the command line, with what the instance says otherwise.
        saved: the saved plan to apply; None: make one.
        expected: the review digest of the plan that was shown, empty for no changes; None: any plan may be applied.
        saves: whether the report is to hold the plan as `plan --out` writes it.
        manifests: which manifests these are.
        secrets: the secrets of this instance by name, where they travel along; None: the worker has them.
    """

    name: str
    url: str
    command: Command
    target: Target
    settings: Settings = field(default_factory=Settings)
    saved: Json | None = None
    expected: str | None = None
    saves: bool = False
    manifests: ManifestFingerprint = field(default_factory=ManifestFingerprint)
    secrets: Mapping[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class InstanceReport:
    """What came of one instance.

    Args:
        name: of the instance.
        status: how it fared.
        exit: the exit code that a run of this instance alone would have had.
        url: its address.
        stack: the stack that was planned or changed.
        version: of Open WebUI; empty where it is not known.
        manifests: digest of its manifests.
        seconds: wall time.
        requests: HTTP requests sent.
        digest: of the plan; empty without one.
        review_digest: the same for equal changes on different servers; empty without changes.
        summary: how many objects are to be (or were) created, updated and so on, and how many changes failed.
        changes: as `plan --format json` shows them, jobs included.
        problems: why it failed: `message`, `where`, `hint` of each.
        warnings: in plain words.
        plan: the plan as `plan --out` writes it, where that was asked for.
        last: what `fleet status` found.
        runs: how often it was started; more than once where its worker died.
        baked: whether it was planned again after the wave, and was as it was left; None: it was not.
    """

    name: str
    status: Status
    exit: int = 0
    url: str = ""
    stack: str = ""
    version: str = ""
    manifests: str = ""
    seconds: float = 0.0
    requests: int = 0
    digest: str = ""
    review_digest: str = ""
    summary: Mapping[str, int] = field(default_factory=dict)
    changes: tuple[Json, ...] = ()
    problems: tuple[Json, ...] = ()
    warnings: tuple[str, ...] = ()
    plan: Json | None = None
    last: Json | None = None
    runs: int = 1
    baked: bool | None = None

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do for it."""
        return self.status in DONE


def status_of(exit: int, changes: int) -> Status:
    """Return how an instance fared whose run ended with this code and so many changes."""
    if exit:
        return Status.UNREACHABLE if exit == NO_SERVER else Status.FAILED
    return Status.CHANGED if changes else Status.UNCHANGED
