"""What a plan shows that is reduced to drift."""

from __future__ import annotations

from dataclasses import replace

from owui_sync.errors import Diagnostic
from owui_sync.plan.drift import drift_of
from owui_sync.plan.types import Action, Cause
from tests.support.samples import change, field, plan

EDITED = change(Action.UPDATE, "prompt/a", field("name", "x", "y"), field("content", "p", "q", Cause.DRIFT))


def test_only_what_changed_on_the_server_is_left() -> None:
    lost = change(Action.CREATE, "group/g", field("name", after="g", cause=Cause.DRIFT))
    new = change(Action.CREATE, "group/new", field("name", after="n"))
    gone = change(Action.DELETE, "prompt/old")
    made = replace(plan(EDITED, lost, new, gone), refusals=(Diagnostic("too many"),))
    found = drift_of(made, {"prompt/a", "group/g", "prompt/old"})
    assert [(each.address, [f.path for f in each.fields]) for each in found.changes] == [
        ("prompt/a", ["content"]),
        ("group/g", ["name"]),
    ]
    assert (found.refusals, found.drift_only) == ((), True)


def test_an_object_that_was_renamed_on_the_server_is_drift_and_one_that_the_manifests_move_is_not() -> None:
    move = replace(change(Action.MOVE, "prompt/a"), moved_from="b")
    assert len(drift_of(plan(move), {"prompt/a"}).changes) == 1
    assert drift_of(plan(move), {"prompt/b"}).changes == ()
