from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.errors import Diagnostic, UsageError
from owui_sync.manifest.desired import AbsentEntry
from owui_sync.plan.options import Options
from owui_sync.plan.planner import make_plan
from owui_sync.plan.safety import Threshold, too_many_deletes
from owui_sync.plan.types import Plan
from tests.support.build import HERE, entry, live, record, snapshot


def plan_with(deletes: int, owned: int) -> Plan:
    entries = [entry(f"prompt/p{number}", content="x") for number in range(owned)]
    on = snapshot(
        *(live(one.address, content="x") for one in entries), records={one.address: record(one) for one in entries}
    )
    return make_plan({one.address: one for one in entries[deletes:]}, [], on, Options())


def refusals(plan: Plan, threshold: str | None = None) -> list[Diagnostic]:
    return list(too_many_deletes(plan, Threshold.parse(threshold) if threshold else None))


def test_a_third_of_a_larger_stack_may_go_and_not_more(golden: SnapshotAssertion) -> None:
    assert refusals(plan_with(3, 10)) == []
    (problem,) = refusals(plan_with(4, 10))
    assert "4 of the 10" in problem.message
    assert problem.message.endswith(": prompt/p0, prompt/p1, prompt/p2, prompt/p3")
    assert "--max-delete 4" in (problem.hint or "")
    assert str(problem) == golden


def test_of_many_that_would_be_deleted_the_first_ten_are_named(golden: SnapshotAssertion) -> None:
    (problem,) = refusals(plan_with(19, 20))
    assert "prompt/p16, prompt/p17 and 9 more" in problem.message
    assert str(problem) == golden


@pytest.mark.parametrize(("deletes", "owned"), [(2, 2), (2, 3), (3, 6), (4, 9)])
def test_a_small_stack_may_lose_two_objects_or_half_of_them(deletes: int, owned: int) -> None:
    assert refusals(plan_with(deletes, owned)) == []


@pytest.mark.parametrize(("deletes", "owned"), [(3, 3), (3, 5), (5, 9), (9, 9)])
def test_a_small_stack_may_not_lose_three_objects_and_more_than_half(deletes: int, owned: int) -> None:
    (problem,) = refusals(plan_with(deletes, owned))
    assert f"deletes {deletes} of the {owned} objects" in problem.message
    assert f"--max-delete {deletes}" in (problem.hint or "")
    assert refusals(plan_with(deletes, owned), "100%") == []


def test_what_a_small_stack_does_not_own_and_absent_names_is_not_counted() -> None:
    gone = [AbsentEntry("prompt", f"p{number}", HERE) for number in range(4)]
    on = snapshot(*(live(name.address, content="x") for name in gone))
    assert refusals(make_plan({}, gone, on, Options())) == []
    assert refusals(make_plan({}, gone, on, Options()), "100%") == []


@pytest.mark.parametrize(("text", "allowed"), [("0", 0), ("3", 3), ("50%", 5), ("100%", 10)])
def test_the_threshold_is_a_number_or_a_share(text: str, allowed: int) -> None:
    assert Threshold.parse(text).allowed(10) == allowed


def test_a_threshold_that_is_given_counts_for_small_stacks_too() -> None:
    assert refusals(plan_with(1, 2), "0")


@pytest.mark.parametrize("text", ["", "%", "-1", "1.5", "many"])
def test_another_threshold_is_wrong_use(text: str, golden: SnapshotAssertion) -> None:
    with pytest.raises(UsageError, match="--max-delete") as caught:
        Threshold.parse(text)
    assert str(caught.value) == golden


@pytest.mark.parametrize("text", ["101%", "300%", "1000 %"])
def test_a_share_above_all_is_wrong_use(text: str) -> None:
    with pytest.raises(UsageError, match="0% to 100%"):
        Threshold.parse(text)
    assert Threshold.parse("100%").allowed(7) == 7
    assert Threshold.parse("300").allowed(7) == 300
