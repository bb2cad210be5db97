from __future__ import annotations

from dataclasses import replace

import pytest

from owui_sync.apply.saved import check_promise
from owui_sync.errors import OwuiSyncError, StalePlan
from owui_sync.kinds.base import Live
from owui_sync.plan.planner import Options, make_plan
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
    assert len(error.value.problems) == 1
    return error.value.problems[0].message


def test_it_holds_while_nothing_that_it_touches_moved() -> None:
    check_promise(promised(THERE), snapshot(THERE, live("prompt/other", content="x")))
    check_promise(promised(), snapshot(live("prompt/other", content="x")))


def test_every_way_in_which_an_object_can_move_is_told_apart() -> None:
    assert "was changed since" in stale(promised(THERE), snapshot(live("prompt/ours", content="else")))
    assert "is gone since" in stale(promised(THERE), snapshot())
    assert "exists by now" in stale(promised(), snapshot(THERE))


def test_another_object_under_the_same_name_is_not_the_one_that_was_seen() -> None:
    assert "is gone since" in stale(promised(THERE), snapshot(live("prompt/ours", "another-id", content="old")))


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


def test_what_is_no_longer_ours_is_not_deleted() -> None:
    owned = snapshot(THERE, records={OURS.address: record(OURS)})
    plan = make_plan({}, (), owned, Options())
    check_promise(plan, owned)
    assert "another run of stack 'default' dealt with prompt/ours" in stale(plan, snapshot(THERE))


def test_what_an_earlier_run_made_ours_is_not_adopted_again() -> None:
    plan = promised(THERE)
    check_promise(plan, snapshot(THERE))
    assert "dealt with prompt/ours" in stale(plan, snapshot(THERE, records={OURS.address: record(OURS)}))


def test_what_a_change_names_must_still_be_there() -> None:
    wanted = entry("prompt/p", content="x", access={"read": {"groups": ["Support"]}})
    plan = make_plan(entries(wanted), (), snapshot(live("group/Support")), Options())
    check_promise(plan, snapshot(live("group/Support")))
    assert "names group/Support, which is gone since the plan was made" in stale(plan, snapshot())


def test_a_plan_is_for_one_server() -> None:
    elsewhere = replace(snapshot(), server=Server("http://elsewhere", "0.12.4"))
    with pytest.raises(OwuiSyncError, match="not for http://elsewhere"):
        check_promise(promised(), elsewhere)
