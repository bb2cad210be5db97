"""Which objects are read one by one: those that may differ, and no others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from owui_sync.kinds.observed import ObservedResource
from owui_sync.plan.difference import differences
from owui_sync.plan.refresh_policy import for_applying, for_planning
from owui_sync.plan.types import Action, Change, InventoryEntry, Plan, ServerIdentity
from tests.support.build import SALT, entries, entry, live, record, snapshot

NOTE = entry("note/N", content="long")
SEEN = replace(record(NOTE), marker="7")


def brief(address: str = "note/N", marker: str = "7", unknown: str = "content") -> ObservedResource:
    return replace(live(address, access="private"), unknown=frozenset({unknown}), marker=marker)


def read(some: ObservedResource, *, known: InventoryEntry | None = SEEN, wanted: object = NOTE) -> bool:
    there = snapshot(some, records={some.address: known} if known else {})
    named = entries(wanted) if wanted else {}  # type: ignore[arg-type]
    return for_planning(named, set(named), there) == [some]


def test_an_object_in_the_state_in_which_it_was_applied_is_not_read() -> None:
    assert not read(brief())
    assert differences(NOTE.values, brief(), SEEN, SALT) == ()


@pytest.mark.parametrize(
    ("some", "known", "wanted"),
    [
        (brief(marker="8"), SEEN, NOTE),
        (brief(marker=""), replace(SEEN, marker=""), NOTE),
        (brief(), None, NOTE),
        (brief(), replace(SEEN, id="other"), NOTE),
        (brief(), SEEN, entry("note/N", content="new")),
        (brief(), SEEN, entry("note/N")),
        (brief(), SEEN, entry("note/N", content="long", access="public")),
        (brief(), SEEN, None),
    ],
    ids=["moved", "no mark", "not ours", "another", "new text", "reset", "else differs", "to be deleted"],
)
def test_what_may_differ_is_read(some: ObservedResource, known: InventoryEntry | None, wanted: object) -> None:
    assert read(some, known=known, wanted=wanted)


def test_nobody_reads_what_neither_the_manifests_nor_the_inventory_name() -> None:
    assert not read(brief(), known=None, wanted=None)


def test_a_field_that_is_not_managed_need_not_be_known() -> None:
    bare = entry("note/N", access="private")
    assert not read(brief(marker="9"), known=record(bare), wanted=bare)


def test_a_field_that_changes_without_the_mark_is_always_read() -> None:
    folder = entry("folder/F", access="private")
    some = brief("folder/F", unknown="access")
    assert read(some, known=replace(record(folder), marker="7"), wanted=folder)


def test_a_plan_knew_in_full_what_it_changes() -> None:
    there = snapshot(brief(), brief("note/M"))
    change = Change(Action.UPDATE, "note", "new key", "id-of-N", None, (), "")
    plan = Plan("default", ServerIdentity("http://x", "0.12.4"), (change,))
    assert [some.key for some in for_applying(plan, there)] == ["N"]
