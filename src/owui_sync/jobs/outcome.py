"""What came of jobs: frozen results that reports read, and the events that progress displays follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from owui_sync.apply.outcome import Failure, Status
from owui_sync.plan.types import DueJob, JobRecord


@dataclass(frozen=True, slots=True)
class Verdict:
    """One expectation, and whether the answer meets it.

    Args:
        check: its key, such as `contains`.
        wanted: what was wanted, in words.
        met: whether it is so.
        reason: what is there instead, or what a judge says.
    """

    check: str
    wanted: str
    met: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class JobAnswer:
    """What the steps of a job gave.

    Args:
        text: the answer.
        sources: where the answers come from: `{"name", "id", "type", "files"}` each.
        tokens: questions and answers together, as the providers count them.
        notes: what a person should know, such as a budget that was spent.
    """

    text: str = ""
    sources: tuple[Mapping[str, Any], ...] = ()
    tokens: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JobResult:
    """How one job went.

    Args:
        due: the job as it was planned.
        status: how it ended; one that is not as expected has failed.
        record: what is remembered of the run; None for one that was skipped.
        chat_url: where its chat is, or empty.
        answered: what the steps gave, as far as they came.
        verdicts: the expectations that were looked at.
        outputs: where the answer went, in words.
        seconds: wall time of this run.
        error: why it failed or was skipped.
        unrecorded: why its chat or the inventory could not be told how it ended, or None.
    """

    due: DueJob
    status: Status
    record: JobRecord | None = None
    chat_url: str = ""
    answered: JobAnswer = field(default_factory=JobAnswer)
    verdicts: tuple[Verdict, ...] = ()
    outputs: tuple[str, ...] = ()
    seconds: float = 0.0
    error: Failure | None = None
    unrecorded: Failure | None = None

    @property
    def name(self) -> str:
        """The job's name."""
        return self.due.job.name


@dataclass(frozen=True, slots=True)
class JobStep:
    """Event: a job begins a step.

    Args:
        name: the job.
        step: what it does, in words.
        number: counted from 1.
        total: how many there are as far as is known.
        model: who is asked, or empty.
        tokens: those of the steps before it.
    """

    name: str
    step: str
    number: int
    total: int
    model: str = ""
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class JobFinished:
    """Event: a job ended."""

    result: JobResult


JobEvent = JobStep | JobFinished
JobListener = Callable[[JobEvent], None]
