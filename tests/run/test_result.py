from __future__ import annotations

from dataclasses import replace

import pytest

from owui_sync.apply.outcome import Failure, Status
from owui_sync.plan.types import Action
from owui_sync.run.result import RunResult
from tests.support.jobs import chat_job, result
from tests.support.samples import change, outcome

DONE = outcome((change(Action.CREATE, "model/x"), Status.DONE, None))
FAILED = outcome((change(Action.CREATE, "model/x"), Status.FAILED, Failure("no")))


@pytest.mark.parametrize(
    ("run", "code"),
    [
        (RunResult(DONE), 0),
        (RunResult(FAILED), 3),
        (RunResult(replace(DONE, unrecorded=Failure("disk full"))), 3),
        (RunResult(DONE, is_stopped=True), 130),
        (RunResult(FAILED, is_stopped=True), 130),
        (RunResult(DONE, is_stopped=True, is_lock_lost=True), 3),
    ],
)
def test_the_exit_code_says_how_the_changes_went(run: RunResult, code: int) -> None:
    assert run.exit_code == code


@pytest.mark.parametrize(
    ("ends", "code"),
    [
        ((Status.DONE,), 0),
        ((Status.DONE, Status.FAILED), 6),
        ((Status.DONE, Status.SKIPPED), 6),
    ],
)
def test_the_exit_code_says_how_the_jobs_went(ends: tuple[Status, ...], code: int) -> None:
    jobs = [replace(result(chat_job("smoke")), status=status) for status in ends]
    assert RunResult(DONE, jobs).exit_code == code


def test_a_job_that_could_not_be_recorded_counts_unless_one_failed() -> None:
    unrecorded = replace(result(chat_job("smoke")), unrecorded=Failure("disk full"))
    assert RunResult(DONE, [unrecorded]).exit_code == 3
    assert RunResult(DONE, [unrecorded, replace(unrecorded, status=Status.FAILED)]).exit_code == 6
