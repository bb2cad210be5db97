from __future__ import annotations

from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.apply.preconditions import verify_preconditions
from owui_sync.errors import OwuiSyncError, StalePlan
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.plan.options import Options
from owui_sync.plan.planner import make_plan
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Plan, ServerIdentity
from tests.support.build import HERE, entries, entry, live, record, snapshot

OURS = entry("prompt/ours", content="new")
THERE = live("prompt/ours", content="old")


def promised(*there: ObservedResource) -> Plan:
    """The plan of one prompt."""
    return make_plan(entries(OURS), (), snapshot(*there), Options())


def stale(plan: Plan, now: Snapshot) -> str:
    with pytest.raises(StalePlan) as error:
        verify_preconditions(plan, now)
    [problem] = error.value.problems
    assert problem.hint
    return problem.message


def test_it_holds_while_nothing_that_it_touches_moved() -> None:
    verify_preconditions(promised(THERE), snapshot(THERE, live("prompt/other", content="x")))
    verify_preconditions(promised(), snapshot(live("prompt/other", content="x")))


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
        verify_preconditions(promised(THERE), snapshot())
    assert error.value.problems[0].where == str(HERE)
    assert error.value.problems[0].hint


def test_all_that_moved_is_told_at_once() -> None:
    wanted = [entry(f"prompt/{key}", content="x") for key in "abc"]
    plan = make_plan(entries(*wanted), (), snapshot(), Options())
    with pytest.raises(StalePlan) as error:
        verify_preconditions(plan, snapshot(*(live(one.address) for one in wanted)))
    assert len(error.value.problems) == 3


def test_what_is_no_longer_ours_is_not_deleted(golden: SnapshotAssertion) -> None:
    owned = snapshot(THERE, records={OURS.address: record(OURS)})
    plan = make_plan({}, (), owned, Options())
    verify_preconditions(plan, owned)
    message = stale(plan, snapshot(THERE))
    assert "'default'" in message
    assert "prompt/ours" in message
    assert message == golden


def test_what_an_earlier_run_made_ours_is_not_adopted_again(golden: SnapshotAssertion) -> None:
    plan = promised(THERE)
    verify_preconditions(plan, snapshot(THERE))
    message = stale(plan, snapshot(THERE, records={OURS.address: record(OURS)}))
    assert "prompt/ours" in message
    assert message == golden


def test_what_a_change_names_must_still_be_there(golden: SnapshotAssertion) -> None:
    wanted = entry("prompt/p", content="x", access={"read": {"groups": ["Support"]}})
    plan = make_plan(entries(wanted), (), snapshot(live("group/Support")), Options())
    verify_preconditions(plan, snapshot(live("group/Support")))
    message = stale(plan, snapshot())
    assert "prompt/p" in message
    assert "group/Support" in message
    assert message == golden


def test_a_plan_is_for_one_server(golden: SnapshotAssertion) -> None:
    elsewhere = replace(snapshot(), server=ServerIdentity("http://elsewhere", "0.12.4"))
    with pytest.raises(OwuiSyncError, match="http://elsewhere") as error:
        verify_preconditions(promised(), elsewhere)
    assert str(error.value) == golden


@pytest.mark.parametrize(
    ("then", "now", "words"),
    [
        (
            ServerIdentity("http://x", "0.12.4", "sha256:a"),
            ServerIdentity("http://x", "0.12.4", "sha256:b"),
            "another instance",
        ),
        (
            ServerIdentity("http://x", "0.12.3"),
            ServerIdentity("http://x", "0.12.4"),
            "for Open WebUI 0.12.3, and the server runs 0.12.4",
        ),
    ],
)
def test_a_plan_is_for_one_instance_and_one_version(then: ServerIdentity, now: ServerIdentity, words: str) -> None:
    plan = replace(promised(), server=then)
    verify_preconditions(plan, replace(snapshot(), server=then))
    with pytest.raises(StalePlan, match=words):
        verify_preconditions(plan, replace(snapshot(), server=now))


def test_a_plan_that_depends_on_the_account_is_for_that_account() -> None:
    plan = replace(promised(), account="a")
    verify_preconditions(plan, replace(snapshot(), account="a"))
    with pytest.raises(StalePlan, match="token of another account"):
        verify_preconditions(plan, replace(snapshot(), account="b"))


def test_what_the_server_cannot_do_is_refused_whatever_the_plan_says() -> None:
    plan = promised(THERE)
    [one] = plan.changes
    of_group = replace(one.fields[0], path="permissions.chat.temporay", after=False)
    folder = replace(one.fields[0], path="access", after="public")
    names = IdIndex()
    names.add("permission", "chat.temporary", "chat.temporary")
    edited = replace(
        plan,
        changes=(
            replace(one, kind="group", key="g", id=None, fields=(of_group,), precondition="absent"),
            replace(one, kind="folder", key="f", id=None, fields=(folder,), precondition="absent"),
        ),
    )
    with pytest.raises(StalePlan) as error:
        verify_preconditions(edited, snapshot(names=names))
    assert [problem.message for problem in error.value.problems] == [
        "group/g: the server knows no permission `chat.temporay`",
        "folder/f: a folder cannot be shared with everyone",
    ]


def test_a_field_that_the_version_of_the_server_does_not_know_is_refused() -> None:
    plan = make_plan(entries(entry("folder/f", access="private")), (), snapshot(), Options())
    old = replace(plan, server=replace(plan.server, version="0.6.43"))
    with pytest.raises(StalePlan, match=r"needs Open WebUI 0\.10\.0, and the server runs 0\.6\.43"):
        verify_preconditions(old, replace(snapshot(), server=old.server))


def test_what_is_reset_goes_back_to_what_the_server_says_or_every_server_has() -> None:
    here = replace(live("tool/t", name="Mine", content="x"), defaults={"name": "The title"})
    known = {"tool/t": record(entry("tool/t", name="Mine", content="x"))}
    plan = make_plan(entries(entry("tool/t", content="x")), (), snapshot(here, records=known), Options())
    [one] = plan.changes
    assert one.fields[0].after == "The title"
    now = snapshot(here, records=known)
    verify_preconditions(plan, now)
    for after, is_taken in (("t", True), ("Anything", False)):
        edited = replace(plan, changes=(replace(one, fields=(replace(one.fields[0], after=after),)),))
        if is_taken:
            verify_preconditions(edited, now)
        else:
            assert stale(edited, now) == "tool/t resets `name` to another value than its default"
