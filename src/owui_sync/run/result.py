"""What came of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from owui_sync.apply.outcome import Outcome, Status
from owui_sync.errors import OwuiSyncError
from owui_sync.jobs.outcome import JobResult

INCOMPLETE = 3
"""Exit code of a run that did not make, or could not record, all that it was to do."""
JOB_FAILED = 6
"""Exit code of a run in which a job failed, or its answer is not as expected."""
STOPPED = 130
"""Exit code of a run that the user stopped."""


class LockLost(OwuiSyncError):
    """Another run took the lock in the middle of this one."""

    exit_code = INCOMPLETE

    def __init__(self) -> None:
        super().__init__(
            "the lock of the stack was lost during the run, so nothing more was started",
            hint="check whether another run is in progress; then plan again",
        )


@dataclass(frozen=True, slots=True)
class RunResult:
    """What came of a run.

    Args:
        outcome: of the changes.
        jobs: those that ran, or were to run, after the changes.
        seconds: wall time of the changes.
        total_seconds: wall time of changes and jobs.
        is_stopped: the user stopped it.
        is_lock_lost: another run may have taken the lock.
    """

    outcome: Outcome
    jobs: Sequence[JobResult] = ()
    seconds: float = 0.0
    total_seconds: float = 0.0
    is_stopped: bool = False
    is_lock_lost: bool = False

    @property
    def exit_code(self) -> int:
        """The exit code of the command."""
        if self.is_stopped and not self.is_lock_lost:
            return STOPPED
        if self.is_lock_lost or not self.outcome.complete:
            return INCOMPLETE
        return _exit_code_of_jobs(self.jobs)


def _exit_code_of_jobs(jobs: Sequence[JobResult]) -> int:
    """Return the code of the worst that happened: a failure, a run that could not be recorded, a job left out."""
    if any(job.status is Status.FAILED for job in jobs):
        return JOB_FAILED
    if any(job.unrecorded for job in jobs):
        return INCOMPLETE
    return JOB_FAILED if any(job.status is Status.SKIPPED for job in jobs) else 0
