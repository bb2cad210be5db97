from __future__ import annotations

from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.apply.saved import check_promise
from owui_sync.errors import OwuiSyncError, StalePlan
from owui_sync.kinds.base import Live
from owui_sync.plan.options import Options
from owui_sync.plan.planner import make_plan
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Plan, Server
from tests.support.build import HERE, entries, entry, live, record, snapshot

OURS = entry("prompt/ours", content="new")
THERE = live("prompt/ours", content="old")


def promised(*there: Live) -> Plan:
    """The plan of one prompt."""
    return make_plan(entries(OURS), (), snapshot(*there), Options())


def stale(plan: Plan, now: Snapshot) -> str:
    with pytest.raises(StalePlan) as error:
        check_promise(plan, now)
    [problem] = error.value.problems
    assert problem.hint
    return problem.message


def test_it_holds_while_nothing_that_it_touches_moved() -> None:
    check_promise(promised(THERE), snapshot(THERE, live("prompt/other", content="x")))
    check_promise(promised(), snapshot(live("prompt/other", content="x")))


def test_every_way_in_which_an_object_can_move_is_told_apart(golden: SnapshotAssertion) -> None:
    changed = stale(promised(THERE), snapshot(live("prompt/ours", content="else")))
    gone = stale(promised(THERE), snapshot())
    there = stale(promised(), snapshot(THERE))
    assert len({changed, gone, there}) == 3
    assert all("prompt/ours" in message for message in (changed, gone, there))
    assert [changed, gone, there] == golden


def test_another_object_under_the_same_name_is_not_the_one_that_was_seen() -> None:
    another = snapshot(live("prompt/ours", "another-id", content="old"))
    assert stale(promised(THERE), another) == stale(promised(THERE), snapshot())


def test_a_problem_names_the_place_in_the_manifests() -> None:
    with pytest.raises(StalePlan) as error:
        check_promise(promised(THERE), snapshot())
    assert error.value.problems[0].where == str(HERE)
    assert error.value.problems[0].hint


def test_all_that_moved_is_told_at_once() -> None:
    wanted = [entry(f"prompt/{key}", content="x") for key in "abc"]
    plan = make_plan(entries(*wanted), (), snapshot(), Options())
    with pytest.raises(StalePlan) as error:
        check_promise(plan, snapshot(*(live(one.address) for one in wanted)))
    assert len(error.value.problems) == 3


def test_what_is_no_longer_ours_is_not_deleted(golden: SnapshotAssertion) -> None:
    owned = snapshot(THERE, records={OURS.address: record(OURS)})
    plan = make_plan({}, (), owned, Options())
    check_promise(plan, owned)
    message = stale(plan, snapshot(THERE))
    assert "'default'" in message
    assert "prompt/ours" in message
    assert message == golden


def test_what_an_earlier_run_made_ours_is_not_adopted_again(golden: SnapshotAssertion) -> None:
    plan = promised(THERE)
    check_promise(plan, snapshot(THERE))
    message = stale(plan, snapshot(THERE, records={OURS.address: record(OURS)}))
    assert "prompt/ours" in message
    assert message == golden


def test_what_a_change_names_must_still_be_there(golden: SnapshotAssertion) -> None:
    wanted = entry("prompt/p", content="x", access={"read": {"groups": ["Support"]}})
    plan = make_plan(entries(wanted), (), snapshot(live("group/Support")), Options())
    check_promise(plan, snapshot(live("group/Support")))
    message = stale(plan, snapshot())
    assert "prompt/p" in message
    assert "group/Support" in message
    assert message == golden


def test_a_plan_is_for_one_server(golden: SnapshotAssertion) -> None:
    elsewhere = replace(snapshot(), server=Server("http://elsewhere", "0.12.4"))
    with pytest.raises(OwuiSyncError, match="http://elsewhere") as error:
        check_promise(promised(), elsewhere)
    assert str(error.value) == golden


@pytest.mark.parametrize(
    ("then", "now", "words"),
    [
        (Server("http://x", "0.12.4", "sha256:a"), Server("http://x", "0.12.4", "sha256:b"), "another instance"),
        (
            Server("http://x", "0.12.3"),
            Server("http://x", "0.12.4"),
            "for Open WebUI 0.12.3, and the server runs 0.12.4",
        ),
    ],
)
def test_a_plan_is_for_one_instance_and_one_version(then: Server, now: Server, words: str) -> None:
    plan = replace(promised(), server=then)
    check_promise(plan, replace(snapshot(), server=then))
    with pytest.raises(StalePlan, match=words):
        check_promise(plan, replace(snapshot(), server=now))


def test_a_plan_that_depends_on_the_account_is_for_that_account() -> None:
    plan = replace(promised(), account="a")
    check_promise(plan, replace(snapshot(), account="a"))
    with pytest.raises(StalePlan, match="token of another account"):
        check_promise(plan, replace(snapshot(), account="b"))
