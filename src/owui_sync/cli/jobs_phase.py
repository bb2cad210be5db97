"""What `apply` and `run` have in common: jobs are run with progress, and their verdicts go to CI."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from owui_sync.cli.options import OutputPath, current_output
from owui_sync.errors import OwuiSyncError

if TYPE_CHECKING:
    from owui_sync.apply.lock import Lock
    from owui_sync.client.writer import Writer
    from owui_sync.jobs.outcome import JobResult
    from owui_sync.kinds.base import IdIndex
    from owui_sync.plan.types import Plan

FAILED = 6
"""The exit code when a job failed, or its answer is not as expected."""
UNRECORDED = 3
"""The exit code when jobs are done and that could not be written down."""

_HELD_BACK = "not all changes were made before it"

junit_option = click.option(
    "--junit",
    type=OutputPath(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write how jobs went as JUnit XML.",
)


@dataclass(frozen=True, slots=True)
class JobsPhase:
    """The part of a run in which jobs run; the stack is locked.

    Args:
        writer: the client.
        parallelism: jobs at a time.
        stopped: whether the user stopped the run.
        lock: of the stack.
    """

    writer: Writer
    parallelism: int
    stopped: Callable[[], bool]
    lock: Lock

    async def run(self, plan: Plan, names: IdIndex, *, skip: bool = False) -> tuple[JobResult, ...]:
        """How the jobs of the plan went; with `skip` none is run."""
        from owui_sync.apply.outcome import Failure, Status
        from owui_sync.jobs.outcome import JobResult
        from owui_sync.jobs.runner import run_jobs
        from owui_sync.report.jobs_progress import jobs_progress

        if not plan.jobs:
            return ()
        if skip:
            return tuple(JobResult(due, Status.SKIPPED, error=Failure(_HELD_BACK)) for due in plan.jobs)
        output = current_output()
        with jobs_progress(sys.stderr, quiet=not output.progress, no_color=output.no_color) as listen:
            return await run_jobs(
                plan,
                names,
                self.writer,
                parallelism=self.parallelism,
                listen=listen,
                stopped=self.stopped,
                lost=lambda: self.lock.lost,
                held=self.lock.held,
            )


def exit_code(jobs: Sequence[JobResult]) -> int:
    """The exit code of jobs that ran."""
    from owui_sync.apply.outcome import Status

    if any(result.status is Status.FAILED for result in jobs):
        return FAILED
    if any(result.unrecorded for result in jobs):
        return UNRECORDED
    return FAILED if any(result.status is Status.SKIPPED for result in jobs) else 0


def save_junit(path: Path | None, stack: str, jobs: Sequence[JobResult]) -> None:
    """Writes the verdicts where the user wants them. Raises OwuiSyncError where that cannot be."""
    from owui_sync.report.junit import junit

    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(junit(stack, jobs), encoding="utf-8")
    except OSError as error:
        raise OwuiSyncError(f"cannot write {path}: {error.strerror}") from None
