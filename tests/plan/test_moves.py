from __future__ import annotations

from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.errors import ManifestError
from owui_sync.kinds.observed import ObservedResource
from owui_sync.manifest.desired import Move
from owui_sync.plan.moves import moves_of
from owui_sync.plan.options import Options
from owui_sync.plan.planner import make_plan
from owui_sync.plan.types import Action, Plan
from tests.support.build import HERE, entries, entry, live, record, snapshot

OLD, NEW = entry("prompt/old", content="x"), entry("prompt/new", content="x")
MOVE = Move("prompt", "old", "new", HERE)


def test_an_object_is_moved_in_place_with_its_record() -> None:
    on = snapshot(live("prompt/old", "7", content="x"), records={"prompt/old": record(OLD, "7")})
    (change,) = make_plan(entries(NEW), [], on, Options(), [MOVE]).changes
    assert (change.action, change.address, change.moved_from, change.id) == (Action.MOVE, "prompt/new", "old", "7")
    assert change.fields == ()


def test_fields_change_in_the_same_step() -> None:
    on = snapshot(live("prompt/old", content="x"), records={"prompt/old": record(OLD)})
    (change,) = make_plan(entries(entry("prompt/new", content="y")), [], on, Options(), [MOVE]).changes
    assert [field.path for field in change.fields] == ["content"]


def test_a_move_that_is_done_says_nothing_more() -> None:
    on = snapshot(live("prompt/new", content="x"), records={"prompt/new": record(NEW)})
    assert make_plan(entries(NEW), [], on, Options(), [MOVE]).empty


def test_two_objects_cannot_get_one_key() -> None:
    on = snapshot(live("prompt/old", "7", content="x"), live("prompt/older", "8", content="x"))
    moves = [MOVE, Move("prompt", "older", "new", HERE)]
    with pytest.raises(ManifestError, match="prompt/old and prompt/older are both on the server"):
        make_plan(entries(NEW), [], on, Options(), moves)


def test_what_was_never_there_is_created() -> None:
    (change,) = make_plan(entries(NEW), [], snapshot(), Options(), [MOVE]).changes
    assert (change.action, change.moved_from) == (Action.CREATE, None)


def test_a_key_that_the_server_cannot_change_replaces_the_object_and_says_why(golden: SnapshotAssertion) -> None:
    was, now = entry("model/old", name="M"), entry("model/new", name="M")
    on = snapshot(live("model/old", "old", name="M"), records={"model/old": record(was, "old")})
    (change,) = make_plan(entries(now), [], on, Options(), [Move("model", "old", "new", HERE)]).changes
    assert (change.action, change.moved_from) == (Action.REPLACE, "old")
    assert "key" in change.reason
    assert change.reason == golden


def shared_with(group: str) -> ObservedResource:
    """A prompt on the server that the group with the id `g1`, called so there, may read."""
    grant = {"principal_type": "group", "principal_id": "g1", "permission": "read"}
    row = {"id": "id-of-p", "command": "p", "name": "p", "content": "x", "is_active": True, "access_grants": [grant]}
    return replace(live("prompt/p", content="x", access={"read": {"groups": [group]}}), row=row)


SHARED = entry("prompt/p", content="x", access={"read": {"groups": ["new"]}})


def test_what_names_a_moved_object_is_not_changed_by_the_move() -> None:
    group = entry("group/new")
    on = snapshot(
        live("group/old", "g1"),
        shared_with("old"),
        records={"group/old": record(entry("group/old"), "g1"), "prompt/p": record(SHARED)},
    )
    plan: Plan = make_plan(entries(group, SHARED), [], on, Options(), [Move("group", "old", "new", HERE)])
    assert [change.address for change in plan.changes] == ["group/new"]
    assert moves_of(plan) == [("group", "old", "new")]


def test_what_was_renamed_on_the_server_is_renamed_back_and_nothing_else_changes(golden: SnapshotAssertion) -> None:
    group = entry("group/new")
    on = snapshot(
        live("group/theirs", "g1"),
        shared_with("theirs"),
        records={"group/new": record(group, "g1"), "prompt/p": record(SHARED)},
    )
    (change,) = make_plan(entries(group, SHARED), [], on, Options()).changes
    assert (change.action, change.address, change.moved_from, change.id) == (Action.MOVE, "group/new", "theirs", "g1")
    assert "theirs" in change.reason
    assert change.reason == golden


def test_an_object_that_was_renamed_to_a_key_of_another_entry_belongs_to_that_entry() -> None:
    on = snapshot(live("prompt/new", "7", content="x"), records={"prompt/old": record(OLD, "7")})
    plan = make_plan(entries(OLD, NEW), [], on, Options())
    assert {change.address: change.action for change in plan.changes} == {
        "prompt/old": Action.CREATE,
        "prompt/new": Action.ADOPT,
    }


def test_what_was_renamed_on_the_server_and_is_no_longer_written_is_deleted_by_its_id(
    golden: SnapshotAssertion,
) -> None:
    on = snapshot(live("prompt/theirs", "7", content="x"), records={"prompt/old": record(OLD, "7")})
    plan = make_plan({}, [], on, Options())
    (change,) = plan.changes
    assert (change.action, change.address, change.live_address, change.id) == (
        Action.DELETE,
        "prompt/old",
        "prompt/theirs",
        "7",
    )
    assert "theirs" in change.reason
    assert change.reason == golden
    assert moves_of(plan) == []


def test_what_was_renamed_to_the_key_of_an_entry_belongs_to_that_entry() -> None:
    on = snapshot(live("prompt/new", "7", content="x"), records={"prompt/old": record(OLD, "7")})
    plan = make_plan(entries(NEW), [], on, Options())
    assert [(change.action, change.id) for change in plan.changes] == [(Action.ADOPT, "7")]
    assert plan.settled == {"prompt/old": None}
