"""What a command has to report when it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from owui_sync.errors import OwuiSyncError
    from owui_sync.plan.types import Plan
    from owui_sync.run.result import RunResult


REASONS = {
    1: "error",
    3: "partial",
    4: "stale",
    5: "unsafe",
    6: "job",
    64: "usage",
    69: "connection",
    75: "locked",
    130: "interrupted",
}
"""Exit code -> one word for why a command failed."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a command has to report when it ends.

    Args:
        command: its name, such as `apply`.
        plan: what was planned, as far as it came to a plan.
        result: what came of the changes; None for a command that changes nothing, or that ended before.
        error: why it ended early.
        exit_code: what it ends with.
        seconds: wall time.
        ended_at: seconds since 1970.
        target: the name of the target that the command line chose, or empty.
    """

    command: str
    plan: Plan | None = None
    result: RunResult | None = None
    error: OwuiSyncError | None = None
    exit_code: int = 0
    seconds: float = 0.0
    ended_at: float = 0.0
    target: str = ""

    @property
    def reason(self) -> str:
        """Why it failed, in one word; empty when it did not."""
        return REASONS.get(self.exit_code, "")
