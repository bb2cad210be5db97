"""What a run of one instance of many tells: nothing while it runs; its plan and its warnings are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager

from owui_sync.apply.outcome import Listener
from owui_sync.jobs.outcome import JobListener
from owui_sync.plan.types import Plan
from owui_sync.run.result import RunResult


class KeepingReporter:
    """Keeps what `pipeline.run` shows.

    Attributes:
        plan: the plan, once there is one.
        warnings: in plain words.
    """

    def __init__(self) -> None:
        self.plan: Plan | None = None
        self.warnings: list[str] = []

    def preview_plan(self, plan: Plan, *, asks: bool) -> None:
        """Keep the plan."""
        self.plan = plan

    def show_result(self, result: RunResult) -> None:
        """Say nothing: the run returns it."""

    def notify(self, text: str) -> None:
        """Say nothing."""

    def warn(self, warnings: Iterable[str]) -> None:
        """Keep warnings."""
        self.warnings += warnings

    def change_progress(self, total: int) -> AbstractContextManager[Listener]:
        """Give a listener that says nothing."""
        return _silent()

    def job_progress(self) -> AbstractContextManager[JobListener]:
        """Give a listener that says nothing."""
        return _silent()


@contextmanager
def _silent() -> Iterator[Callable[[object], None]]:
    yield lambda _: None
