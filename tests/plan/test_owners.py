"""Notes, folders and automations of one account, and the plans of another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from owui_sync.errors import ManifestError
from owui_sync.kinds.observed import ObservedResource
from owui_sync.manifest.desired import Entry, Move
from owui_sync.plan.options import Options
from owui_sync.plan.owners import depends_on_account, owner_of
from owui_sync.plan.planner import make_plan
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Action, InventoryEntry, Plan
from tests.support.build import HERE, entries, entry, live, record, snapshot

NOTE, FOLDER = entry("note/N", content="x"), entry("folder/F", system="s")
ALICE, BOB = live("user/alice@x", "a", role="admin"), live("user/bob@x", "b", role="admin")


def of(owner: str, *written: Entry) -> dict[str, InventoryEntry]:
    return {one.address: replace(record(one), owner=owner) for one in written}


def seen_by(
    account: str | None, *lives: ObservedResource, records: dict[str, InventoryEntry] | None = None
) -> Snapshot:
    return replace(snapshot(ALICE, BOB, *lives, records=records), account=account)


def plan(on: Snapshot, *written: Entry, moved: Sequence[Move] = ()) -> Plan:
    return make_plan(entries(*written), [], on, Options(), moved)


def test_what_belongs_to_another_account_is_left_alone_and_told() -> None:
    made = plan(seen_by("b", records=of("a", NOTE, FOLDER)), NOTE, FOLDER)
    assert made.empty
    assert made.settled == {}
    (warning,) = made.warnings
    assert warning.startswith("left alone, because they belong to the account alice@x: note/N, folder/F;")


def test_what_is_no_longer_written_stays_in_the_record_of_its_owner() -> None:
    made = plan(seen_by("b", records=of("a", NOTE)))
    assert (made.changes, made.settled) == ((), {})


def test_a_namesake_of_this_account_is_not_taken_for_it() -> None:
    made = plan(seen_by("b", live("note/N", "mine", content="y"), records=of("a", NOTE)), NOTE)
    assert made.empty


def test_its_own_account_makes_again_what_was_deleted() -> None:
    (change,) = plan(seen_by("a", records=of("a", NOTE)), NOTE).changes
    assert (change.action, change.reason) == (Action.CREATE, "was deleted on the server")


def test_what_belonged_to_an_account_that_is_gone_is_made_anew() -> None:
    (change,) = plan(seen_by("b", records=of("gone", NOTE)), NOTE).changes
    assert (change.action, change.reason) == (Action.CREATE, "the account that it belonged to is gone")


def test_where_it_is_not_known_whose_token_it_is_nothing_is_made_again() -> None:
    assert plan(seen_by(None, records=of("a", NOTE)), NOTE).empty


def test_a_move_of_what_belongs_to_another_account_makes_nothing() -> None:
    moved = [Move("note", "N", "new", HERE)]
    mine = live("note/N", "mine", content="x")
    assert plan(seen_by("b", mine, records=of("a", NOTE)), entry("note/new", content="x"), moved=moved).empty


def test_nothing_new_may_lie_in_a_folder_of_another_account() -> None:
    with pytest.raises(ManifestError, match="names folder/F, which belongs to the account alice@x"):
        plan(seen_by("b", records=of("a", FOLDER)), FOLDER, entry("folder/F/G", system="s"))


def test_the_record_says_whose_it_is() -> None:
    there = replace(live("note/N", content="x"), row={"user_id": "b"})
    (change,) = plan(seen_by("b", there), NOTE).changes
    assert change.record is not None
    assert change.record.owner == owner_of(there) == "b"
    (created,) = plan(seen_by("b"), NOTE).changes
    assert created.record is not None
    assert created.record.owner == "b"
    assert owner_of(replace(live("prompt/p"), row={"user_id": "b"})) == "", "prompts are everybody's"


def test_whose_token_it_is_only_counts_for_what_is_missing() -> None:
    there = live("note/N", content="x")
    assert not depends_on_account(entries(NOTE), seen_by(None, there, records=of("a", NOTE)))
    assert depends_on_account({}, seen_by(None, records=of("a", NOTE)))
    assert depends_on_account(entries(NOTE), seen_by(None))
    assert not depends_on_account(entries(entry("prompt/p", content="x")), seen_by(None))
