"""What all parts of one run share that changes a server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from owui_sync.client.writer import Writer


class StackLock(Protocol):
    """The lock of a stack, as a run sees it."""

    @property
    def lost(self) -> bool:
        """Whether another run may hold it by now."""

    async def held(self) -> bool:
        """Ask the server whether it is still ours, and renew it when it is time."""


class Unlocked:
    """Stands for a lock where no other run can be."""

    lost = False

    async def held(self) -> bool:
        """Return True."""
        return True


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class RunContext:
    """One run that changes a server.

    Args:
        writer: the client.
        parallelism: changes, or jobs, at a time.
        is_stopped: whether the user stopped the run; asked before each change and each step of a job.
        lock: of the stack; has to be held whenever the inventory is written.
    """

    writer: Writer
    parallelism: int = 4
    is_stopped: Callable[[], bool] = _never
    lock: StackLock = field(default_factory=Unlocked)

    def stop_reason(self) -> str | None:
        """Say why nothing more may be started, or None."""
        if self.is_stopped():
            return "the run was stopped before it"
        return "the lock was lost before it" if self.lock.lost else None
