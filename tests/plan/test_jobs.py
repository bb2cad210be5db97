from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest

from owui_sync.errors import ManifestError
from owui_sync.kinds.base import Names
from owui_sync.manifest.desired import Desired, Job
from owui_sync.plan.job_parts import parts_of, then_of
from owui_sync.plan.jobs import due, with_due
from owui_sync.plan.types import Action, JobRecord, JobState, Plan, Server
from tests.support.build import HERE, SALT, snapshot
from tests.support.jobs import chat_job, job
from tests.support.samples import change

SERVER = Server("http://localhost:8080", "0.12.4")


def desired(*jobs: Job) -> Desired:
    return Desired("default", {}, jobs={each.name: each for each in jobs})


def ran(one: Job, state: JobState = JobState.DONE, step: str = "") -> JobRecord:
    """The record of a run of the job as it is."""
    return JobRecord(state, "c1", parts_of(one, {one.name: one}, {}, SALT), then_of(one), step)


def reason(one: Job, record: JobRecord | None) -> str | None:
    found = due(one, desired(one), SALT, record)
    return found.reason if found else None


def planned(
    *jobs: Job, known: dict[str, JobRecord] | None = None, plan: Plan | None = None, asked: Collection[str] = ()
) -> Plan:
    names = Names()
    names.add("provider", "m", "M")
    wanted = desired(*jobs)
    return with_due(plan or Plan("default", SERVER, ()), wanted, wanted.jobs, snapshot(names=names), known or {}, asked)


def test_a_job_that_ran_is_not_due_and_one_that_never_did_is() -> None:
    one = chat_job("j")
    assert reason(one, None) == "never ran"
    assert reason(one, ran(one)) is None


@pytest.mark.parametrize("run", ["once", "on-change", "manual"])
def test_what_changed_is_said(run: str) -> None:
    before, after = job("j", run=run), job("j", run=run, spec={"models": ["m"], "prompts": ["other"]})
    assert reason(after, ran(before)) == (None if run == "once" else "its prompt changed")


def test_an_interrupted_run_is_gone_on_with() -> None:
    one = chat_job("j")
    record = ran(one, JobState.RUNNING, step="step 3 of 4")
    found = due(one, desired(one), SALT, record)
    assert found
    assert (found.reason, found.last) == ("interrupted at step 3 of 4", record)


def test_an_interrupted_run_of_what_is_no_longer_asked_is_not_gone_on_with() -> None:
    found = due(chat_job("j", prompts=["new"]), desired(chat_job("j")), SALT, ran(chat_job("j"), JobState.RUNNING))
    assert found
    assert (found.reason, found.last) == ("its prompt changed", None)


def test_a_failed_run_is_gone_on_with_even_for_once() -> None:
    one = job("j", run="once")
    found = due(one, desired(one), SALT, ran(one, JobState.FAILED))
    assert found
    assert found.reason == "failed last time"
    assert found.last


def test_an_answer_that_was_not_as_expected_is_asked_for_anew() -> None:
    one = chat_job("j")
    found = due(one, desired(one), SALT, ran(one, JobState.UNMET))
    assert found
    assert (found.reason, found.last) == ("not as expected last time", None)


def test_other_expectations_and_outputs_take_the_answer_that_is_there() -> None:
    before, after = chat_job("j"), job("j", expect={"contains": ["x"]})
    for state in (JobState.DONE, JobState.UNMET):
        found = due(after, desired(after), SALT, ran(before, state))
        assert found
        assert (found.reason, found.last is None) == ("its expectations changed", False)


def test_always_is_always_a_new_run() -> None:
    one = job("j", run="always")
    found = due(one, desired(one), SALT, ran(one))
    assert found
    assert (found.reason, found.last) == ("always", None)


def test_manual_jobs_run_only_when_asked_for() -> None:
    one = job("j", run="manual")
    assert planned(one).jobs == ()
    assert [each.reason for each in planned(one, asked=["j"]).jobs] == ["asked for"]


def test_a_job_that_is_asked_for_brings_those_that_it_needs_and_that_have_not_succeeded() -> None:
    first, done, last = chat_job("first"), chat_job("done"), job("last", needs=("first", "done"))
    plan = planned(first, done, last, known={"done": ran(done), "last": ran(last)}, asked=["last"])
    assert {each.job.name: each.reason for each in plan.jobs} == {
        "first": "needed, and has not succeeded yet",
        "last": "asked for",
    }


def test_a_job_that_needs_one_that_is_run_by_hand_waits_for_it() -> None:
    by_hand, after = job("by-hand", run="manual"), job("after", needs=("by-hand",))
    with pytest.raises(ManifestError, match="needs job/by-hand, which has not succeeded yet and is only run by hand"):
        planned(by_hand, after)
    assert len(planned(by_hand, after, known={"by-hand": ran(by_hand)}).jobs) == 1


def test_a_name_that_nothing_has_is_a_problem_of_the_job() -> None:
    with pytest.raises(ManifestError) as caught:
        planned(chat_job("j", knowledge=["Nowhere"]))
    assert "job/j: `chat.knowledge` names knowledge/Nowhere" in str(caught.value)
    assert caught.value.problems[0].where == str(HERE)


def test_what_the_plan_makes_can_be_named_and_what_it_deletes_cannot() -> None:
    one = chat_job("j", knowledge=["B"])
    made = Plan("default", SERVER, (change(Action.CREATE, "knowledge/B"),))
    assert len(planned(one, plan=made).jobs) == 1
    gone = replace(made, changes=(change(Action.DELETE, "knowledge/B"),))
    with pytest.raises(ManifestError, match="which this plan deletes"):
        planned(one, plan=gone)


def test_a_model_that_nobody_knows_is_a_warning() -> None:
    assert "names model/nobody" in planned(chat_job("j", models=["nobody"])).warnings[0]


def test_a_plan_with_a_due_job_is_not_empty() -> None:
    assert not planned(chat_job("j")).empty
