from __future__ import annotations

from dataclasses import replace

import pytest

from owui_sync.errors import UnsafePlan
from owui_sync.manifest.desired import Move
from owui_sync.plan.options import Options
from owui_sync.plan.planner import make_plan
from owui_sync.plan.refusals import check_refusals
from owui_sync.plan.types import Cause
from tests.support.build import HERE, entries, entry, live, record, snapshot


def test_a_replace_shows_only_what_becomes_different_and_writes_all_the_same() -> None:
    was = entry("model/old", base="b", system="Hi", description="gone")
    now = entry("model/new", base="b", system="Hello")
    there = live("model/old", "old", base="b", system="Hi", description="gone", hidden=True)
    records = {"model/old": replace(record(was, "old"), adopted=True)}
    move = Move("model", "old", "new", HERE)
    (change,) = make_plan(entries(now), [], snapshot(there, records=records), Options(), [move]).changes
    assert [(field.path, field.before, field.after, field.cause) for field in change.fields] == [
        ("system", "Hi", "Hello", Cause.MANIFEST),
        ("description", "gone", "", Cause.RESET),
        ("hidden", True, False, Cause.RESET),
    ]
    assert [(field.path, field.after) for field in change.rewritten] == [("base", "b")]
    assert {field.path: field.after for field in change.written} == {"system": "Hello", "base": "b"}
    assert change.reason.endswith("; it was adopted, not made by this stack")
    assert change.record
    assert change.record.adopted is False, "the new one is ours"


def test_a_kept_object_is_not_replaced() -> None:
    was = entry("model/old", base="b", keep=True)
    on = snapshot(live("model/old", "old", base="b"), records={"model/old": record(was, "old")})
    with pytest.raises(UnsafePlan, match="model/old has `keep: true`"):
        check_refusals(
            make_plan(entries(entry("model/new", base="b")), [], on, Options(), [Move("model", "old", "new", HERE)])
        )
