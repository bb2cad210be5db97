"""The steps of a test or a rehearsal: what was looked at, and how it went."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from owui_sync.errors import Diagnostic, OwuiSyncError

Tell = Callable[[str], None]
"""Told what is going on, one line at a time."""


class CheckStatus(StrEnum):
    """How a step went."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Check:
    """One step.

    Args:
        name: in one or two words.
        status: how it went.
        text: what came of it, in few words.
        seconds: wall time.
        problems: why it failed.
        exit_code: of the command, if it ends with this step.
    """

    name: str
    status: CheckStatus
    text: str = ""
    seconds: float = 0.0
    problems: tuple[Diagnostic, ...] = ()
    exit_code: int = 0


class Checked:
    """What the steps of a report say together; the report keeps them as `checks`."""

    __slots__ = ()
    checks: tuple[Check, ...]

    @property
    def exit_code(self) -> int:
        """The exit code of the command: that of the first step that failed."""
        return next((check.exit_code for check in self.checks if check.status is CheckStatus.FAILED), 0)

    @property
    def seconds(self) -> float:
        """Wall time of all steps."""
        return sum(check.seconds for check in self.checks)


class Ended(Exception):
    """A step failed without which the others mean nothing."""


class _Step:
    """What a step says of itself while it runs."""

    def __init__(self) -> None:
        self.text = ""
        self.problems: list[Diagnostic] = []
        self.exit_code = 0
        self.is_skipped = False

    def fail(self, problems: Sequence[Diagnostic], exit_code: int = OwuiSyncError.exit_code) -> None:
        """Let the step fail; those after it still run."""
        self.problems += problems
        self.exit_code = exit_code

    def skip(self, why: str) -> None:
        """Let the step count as not done."""
        self.text, self.is_skipped = why, True


class Checklist:
    """Keeps the steps in their order, and tells of each as it ends.

    Args:
        tell: told of each step.
    """

    def __init__(self, tell: Tell) -> None:
        self.checks: list[Check] = []
        self._tell = tell

    @contextmanager
    def step(self, name: str) -> Iterator[_Step]:
        """Time the block as one step, which says how it went.

        Raises:
            Ended: the block raised an error of ours, which the step keeps.
        """
        step, begun = _Step(), time.monotonic()
        try:
            yield step
        except OwuiSyncError as error:
            step.fail(error.problems, error.exit_code)
            self._add(name, step, begun)
            raise Ended from error
        self._add(name, step, begun)

    def _add(self, name: str, step: _Step, begun: float) -> None:
        status = CheckStatus.SKIPPED if step.is_skipped else CheckStatus.PASSED
        status = CheckStatus.FAILED if step.exit_code else status
        seconds = time.monotonic() - begun
        self.checks.append(Check(name, status, step.text, seconds, tuple(step.problems), step.exit_code))
        self._tell(f"{status.value:<8} {name}: {step.text or '; '.join(p.message for p in step.problems[:1])}")
