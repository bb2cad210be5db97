from __future__ import annotations

from typing import Any

from owui_sync.plan.job_history import KEY, run_of, state_of
from owui_sync.plan.types import JobRecord, JobState

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
