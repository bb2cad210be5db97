"""Manifests that share no entry with what their stack owns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from owui_sync.errors import UnsafePlan
from owui_sync.manifest.desired import Entry, Move
from owui_sync.plan.claims import check_claim
from owui_sync.plan.options import Options
from owui_sync.plan.planner import make_plan
from owui_sync.plan.types import Plan
from tests.support.build import HERE, entries, entry, live, record, snapshot

OURS = entry("prompt/ours", content="x")


def plan_of(*written: Entry, moved: tuple[Move, ...] = (), options: Options | None = None, owned: Entry = OURS) -> Plan:
    there = replace(live(owned.address), values=owned.values)
    on = snapshot(there, records={owned.address: record(owned)})
    return make_plan(entries(*written), [], on, options or Options(), moved)


def test_manifests_that_name_nothing_of_their_stack_are_warned_of_and_refused() -> None:
    plan = plan_of(entry("prompt/other", content="x"))
    assert plan.claims
    assert any("--claim-stack" in warning and "owns 1 object" in warning for warning in plan.warnings)
    with pytest.raises(UnsafePlan, match="another project") as refused:
        check_claim(plan)
    assert "--claim-stack" in (refused.value.problems[0].hint or "")


def test_one_entry_in_common_is_enough() -> None:
    assert not plan_of(OURS, entry("prompt/other", content="x")).claims


def test_a_moved_entry_is_one_in_common() -> None:
    moved = (Move("prompt", "ours", "new", HERE),)
    assert not plan_of(entry("prompt/new", content="x"), moved=moved).claims


def test_what_only_rules_cover_tells_nothing_where_more_is_written() -> None:
    covered = replace(entry("model/gpt", access="public"), partial=True)
    assert plan_of(entry("prompt/other", content="x"), covered, owned=covered).claims
    assert not plan_of(covered, owned=covered).claims


def test_manifests_without_entries_end_their_stack() -> None:
    assert not plan_of().claims


def test_users_are_never_deleted_so_a_stack_of_users_alone_has_nothing_to_lose() -> None:
    assert not plan_of(entry("prompt/other", content="x"), owned=entry("user/a@x.org", role="user")).claims


def test_who_claims_the_stack_is_not_asked() -> None:
    plan = plan_of(entry("prompt/other", content="x"), options=Options(claim=True))
    assert not plan.claims
    assert plan.warnings == ()
