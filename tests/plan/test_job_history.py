from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from owui_sync.plan.inventory import Inventory, fingerprint
from owui_sync.plan.job_history import KEY, begun, is_announced, run_of, state_of
from owui_sync.plan.types import JobRecord, JobState
from owui_sync.values import Secret
from tests.support.jobs import chat_job, due

RECORD = JobRecord(JobState.DONE, "c1", {"its prompt": "p"}, {"its output": "o"}, "step 1", "s", "f", 1.5, 7, "")


def row(**chat: Any) -> dict[str, Any]:
    return {"id": "c1", "chat": {"meta": {KEY: state_of("s", "j", RECORD)}, **chat}}


def test_a_chat_tells_which_run_it_is() -> None:
    assert run_of(row(), "s") == ("j", RECORD)


def test_a_clone_or_fork_is_no_run() -> None:
    assert run_of(row(originalChatId="c0"), "s") is None


def test_a_chat_of_another_stack_or_of_nobody_is_no_run() -> None:
    assert run_of(row(), "other") is None
    assert run_of({"id": "c1", "chat": {}}, "s") is None
    assert run_of({"id": "c1", "chat": {"meta": {KEY: {"stack": "s", "job": "j", "state": "odd"}}}}, "s") is None


def test_keys_of_later_versions_do_no_harm() -> None:
    one = row()
    one["chat"]["meta"][KEY]["later"] = True
    assert run_of(one, "s") == ("j", RECORD)


DUE = due(chat_job("j"))
AGAIN = replace(DUE, last=RECORD)


def test_jobs_that_are_about_to_run_are_in_the_inventory_as_running() -> None:
    assert begun([DUE]) == {"j": JobRecord(JobState.RUNNING, "", DUE.parts, DUE.then)}
    assert begun([AGAIN]) == {"j": replace(RECORD, state=JobState.RUNNING)}


@pytest.mark.parametrize(
    ("one", "known", "there"),
    [
        (DUE, None, False),
        (DUE, RECORD, False),
        (DUE, JobRecord(JobState.RUNNING), True),
        (DUE, JobRecord(JobState.RUNNING, "c1"), False),
        (AGAIN, JobRecord(JobState.RUNNING, "c1"), True),
        (AGAIN, JobRecord(JobState.RUNNING), True),
        (AGAIN, JobRecord(JobState.RUNNING, "c2"), False),
    ],
)
def test_a_job_is_announced_where_the_next_run_would_find_its_chat(
    one: Any, known: JobRecord | None, there: bool
) -> None:
    inventory = Inventory("s", serial=1, jobs={"j": known} if known else {})
    assert is_announced(inventory, [one]) == there


def test_without_an_inventory_a_job_is_found_unless_it_draws_on_secrets() -> None:
    inventory = Inventory("s")
    assert is_announced(inventory, [DUE])
    secret = fingerprint(Secret("hidden", {"$secret": "NAME"}), inventory.salt)
    assert not is_announced(inventory, [replace(DUE, parts={"tool/t": secret})])
