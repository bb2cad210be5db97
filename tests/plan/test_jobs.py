from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.errors import ManifestError
from owui_sync.kinds.names import IdIndex
from owui_sync.manifest.desired import Desired, Job
from owui_sync.plan.job_inputs import parts_of, then_of
from owui_sync.plan.jobs import add_due_jobs, due
from owui_sync.plan.types import Action, JobRecord, JobState, Plan, ServerIdentity
from tests.support.build import HERE, SALT, snapshot
from tests.support.jobs import chat_job, job
from tests.support.samples import change

SERVER = ServerIdentity("http://localhost:8080", "0.12.4")


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
    names = IdIndex()
    names.add("provider", "m", "M")
    wanted = desired(*jobs)
    return add_due_jobs(
        plan or Plan("default", SERVER, ()), wanted, wanted.jobs, snapshot(names=names), known or {}, asked
    )


def test_a_job_that_ran_is_not_due_and_one_that_never_did_is(golden: SnapshotAssertion) -> None:
    one = chat_job("j")
    assert reason(one, ran(one)) is None
    assert reason(one, None) == golden


@pytest.mark.parametrize("run", ["once", "on-change", "manual"])
def test_what_changed_is_said(run: str, golden: SnapshotAssertion) -> None:
    before, after = job("j", run=run), job("j", run=run, spec={"models": ["m"], "prompts": ["other"]})
    why = reason(after, ran(before))
    if run == "once":
        assert why is None
    else:
        assert "prompt" in (why or "")
        assert why == golden


def test_an_interrupted_run_is_gone_on_with(golden: SnapshotAssertion) -> None:
    one = chat_job("j")
    record = ran(one, JobState.RUNNING, step="step 3 of 4")
    found = due(one, desired(one), SALT, record)
    assert found
    assert found.last == record
    assert "step 3 of 4" in found.reason
    assert found.reason == golden


def test_an_interrupted_run_of_what_is_no_longer_asked_is_not_gone_on_with(golden: SnapshotAssertion) -> None:
    found = due(chat_job("j", prompts=["new"]), desired(chat_job("j")), SALT, ran(chat_job("j"), JobState.RUNNING))
    assert found
    assert found.last is None
    assert "prompt" in found.reason
    assert found.reason == golden


def test_a_failed_run_is_gone_on_with_even_for_once(golden: SnapshotAssertion) -> None:
    one = job("j", run="once")
    found = due(one, desired(one), SALT, ran(one, JobState.FAILED))
    assert found
    assert found.last
    assert found.reason == golden


def test_an_answer_that_was_not_as_expected_is_asked_for_anew(golden: SnapshotAssertion) -> None:
    one = chat_job("j")
    found = due(one, desired(one), SALT, ran(one, JobState.UNMET))
    assert found
    assert found.last is None
    assert found.reason == golden


def test_other_expectations_and_outputs_take_the_answer_that_is_there(golden: SnapshotAssertion) -> None:
    before, after = chat_job("j"), job("j", expect={"contains": ["x"]})
    reasons = set()
    for state in (JobState.DONE, JobState.UNMET):
        found = due(after, desired(after), SALT, ran(before, state))
        assert found
        assert found.last is not None
        reasons.add(found.reason)
    (why,) = reasons
    assert "expectations" in why
    assert why == golden


def test_always_is_always_a_new_run(golden: SnapshotAssertion) -> None:
    one = job("j", run="always")
    found = due(one, desired(one), SALT, ran(one))
    assert found
    assert found.last is None
    assert found.reason == golden


def test_manual_jobs_run_only_when_asked_for(golden: SnapshotAssertion) -> None:
    one = job("j", run="manual")
    assert planned(one).jobs == ()
    (asked,) = planned(one, asked=["j"]).jobs
    assert asked.reason == golden


def test_a_job_that_is_asked_for_brings_those_that_it_needs_and_that_have_not_succeeded(
    golden: SnapshotAssertion,
) -> None:
    first, done, last = chat_job("first"), chat_job("done"), job("last", needs=("first", "done"))
    plan = planned(first, done, last, known={"done": ran(done), "last": ran(last)}, asked=["last"])
    reasons = {each.job.name: each.reason for each in plan.jobs}
    assert set(reasons) == {"first", "last"}
    assert reasons == golden


def test_a_job_that_needs_one_that_is_run_by_hand_waits_for_it(golden: SnapshotAssertion) -> None:
    by_hand, after = job("by-hand", run="manual"), job("after", needs=("by-hand",))
    with pytest.raises(ManifestError, match=r"job/after.*job/by-hand") as caught:
        planned(by_hand, after)
    assert str(caught.value) == golden
    assert len(planned(by_hand, after, known={"by-hand": ran(by_hand)}).jobs) == 1


def test_a_name_that_nothing_has_is_a_problem_of_the_job(golden: SnapshotAssertion) -> None:
    with pytest.raises(ManifestError) as caught:
        planned(chat_job("j", knowledge=["Nowhere"]))
    (problem,) = caught.value.problems
    assert problem.where == str(HERE)
    assert [part for part in ("job/j", "`chat.knowledge`", "knowledge/Nowhere") if part not in problem.message] == []
    assert str(problem) == golden


def test_what_the_plan_makes_can_be_named_and_what_it_deletes_cannot(golden: SnapshotAssertion) -> None:
    one = chat_job("j", knowledge=["B"])
    made = Plan("default", SERVER, (change(Action.CREATE, "knowledge/B"),))
    assert len(planned(one, plan=made).jobs) == 1
    gone = replace(made, changes=(change(Action.DELETE, "knowledge/B"),))
    with pytest.raises(ManifestError, match="knowledge/B") as caught:
        planned(one, plan=gone)
    assert str(caught.value) == golden


def test_a_model_that_nobody_knows_is_a_warning(golden: SnapshotAssertion) -> None:
    (warning,) = planned(chat_job("j", models=["nobody"])).warnings
    assert "model/nobody" in warning
    assert warning == golden


def test_a_plan_with_a_due_job_is_not_empty() -> None:
    assert not planned(chat_job("j")).empty
