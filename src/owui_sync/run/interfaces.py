"""What `owui_sync.pipeline.run` asks of the command that starts it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from owui_sync.apply.outcome import Listener
    from owui_sync.client.writer import Writer
    from owui_sync.jobs.outcome import JobListener
    from owui_sync.plan.snapshot import Snapshot
    from owui_sync.plan.types import Plan
    from owui_sync.run.result import RunResult


class PlanSource(Protocol):
    """Where the plan of a run comes from."""

    @property
    def stack(self) -> str:
        """The stack to lock."""

    @property
    def shows_plan(self) -> bool:
        """Whether the plan is shown before it is carried out."""

    async def prepare(self, writer: Writer) -> tuple[Plan, Snapshot, Sequence[str]]:
        """Return the plan, the server as it was read for it, and warnings. Writes nothing."""

    async def finish(self, writer: Writer) -> None:
        """Do what comes last, once all changes were made."""


class RunReporter(Protocol):
    """Tells whoever started a run how it goes."""

    def preview_plan(self, plan: Plan, *, asks: bool) -> None:
        """Show what is about to be done; `asks` tells whether a person decides on it."""

    def show_result(self, result: RunResult) -> None:
        """Show how the run went."""

    def notify(self, text: str) -> None:
        """Say what happens at the moment."""

    def warn(self, warnings: Iterable[str]) -> None:
        """Show warnings."""

    def change_progress(self, total: int) -> AbstractContextManager[Listener]:
        """Show progress of so many changes while the block runs; give the listener."""

    def job_progress(self) -> AbstractContextManager[JobListener]:
        """Show progress of jobs while the block runs; give the listener."""
