"""What a run tells whose result is part of a larger report: nothing while it lasts."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from owui_sync.apply.outcome import Listener
    from owui_sync.jobs.outcome import JobListener
    from owui_sync.plan.types import Plan
    from owui_sync.run.result import RunResult


class SilentReporter:
    """Shows nothing.

    Attributes:
        warnings: those of the run, for who shows its result.
    """

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def preview_plan(self, plan: Plan, *, asks: bool) -> None:
        """Show nothing: nobody is asked."""

    def show_result(self, result: RunResult) -> None:
        """Show nothing: the run returns it."""

    def notify(self, text: str) -> None:
        """Say nothing."""

    def warn(self, warnings: Iterable[str]) -> None:
        """Keep warnings."""
        self.warnings += warnings

    def change_progress(self, total: int) -> AbstractContextManager[Listener]:
        """Give a listener that does nothing."""
        return nullcontext(_ignore)

    def job_progress(self) -> AbstractContextManager[JobListener]:
        """Give a listener that does nothing."""
        return nullcontext(_ignore)


def _ignore(event: object) -> None:
    """Do nothing."""
