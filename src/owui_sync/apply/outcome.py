"""What came of a plan: frozen results that reports read, and the events that progress displays follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from owui_sync.kinds.write import Progress
from owui_sync.plan.inventory import Inventory
from owui_sync.plan.types import Change, Plan


class Status(StrEnum):
    """How one change ended."""

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a change failed or was skipped.

    Args:
        detail: the server's own words, or why it was not tried.
        status: HTTP status, or None when there was no answer.
        request: such as `POST /api/v1/models/create`, or None.
        hint: what to do next, or None.
    """

    detail: str
    status: int | None = None
    request: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """How one change went; `seconds` is wall time. One that is done and has an error lacks something that it holds."""

    change: Change
    status: Status
    seconds: float = 0.0
    error: Failure | None = None

    @property
    def partial(self) -> bool:
        """Whether the object is there and can be used, though something in it failed, such as a file."""
        return self.status is Status.DONE and self.error is not None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an apply went.

    Args:
        results: one for each change of the plan, in the plan's order.
        requests: HTTP requests sent by the whole command.
        interrupted: the user stopped it.
        unrecorded: why the inventory could not be kept after the changes, or None: the next apply adopts what is there.
        inventory: what the inventory says after the changes; None where that is not known.
    """

    plan: Plan
    results: tuple[Result, ...]
    requests: int = 0
    interrupted: bool = False
    unrecorded: Failure | None = None
    inventory: Inventory | None = None

    def count(self, status: Status) -> int:
        """Return how many changes ended so."""
        return sum(result.status is status for result in self.results)

    @property
    def complete(self) -> bool:
        """Whether every change was made in full and recorded."""
        return self.unrecorded is None and all(
            result.status is Status.DONE and not result.partial for result in self.results
        )


@dataclass(frozen=True, slots=True)
class Started:
    """Event: a change is being made."""

    change: Change


@dataclass(frozen=True, slots=True)
class Progressed:
    """Event: files of a change were sent, moved or removed."""

    change: Change
    progress: Progress


@dataclass(frozen=True, slots=True)
class Finished:
    """Event: a change ended."""

    result: Result
    done: int
    total: int


Event = Started | Progressed | Finished
Listener = Callable[[Event], None]
