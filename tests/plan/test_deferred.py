from __future__ import annotations

from syrupy.assertion import SnapshotAssertion

from owui_sync.plan.options import Options
from owui_sync.plan.planner import make_plan
from owui_sync.plan.types import Action
from tests.support.build import entries, entry, live, record, snapshot

CAROL = entry("user/carol@x.org", role="user")
GROUP = entry("group/Support", members=["carol@x.org", "bob@x.org"])
BOB = live("user/bob@x.org", name="Bob", role="user")


def test_a_user_without_a_password_who_never_signed_in_is_awaited_with_a_warning(golden: SnapshotAssertion) -> None:
    plan = make_plan(entries(CAROL), [], snapshot(), Options())
    assert plan.empty
    assert plan.awaited == ("user/carol@x.org",)
    (warning,) = plan.warnings
    assert "user/carol@x.org" in warning
    assert warning == golden


def test_what_names_an_awaited_user_is_planned_without_the_name() -> None:
    prompt = entry("prompt/p", content="x", access={"read": {"users": ["carol@x.org", "bob@x.org"]}})
    plan = make_plan(entries(CAROL, GROUP, prompt), [], snapshot(BOB), Options())
    written = {change.address: {field.path: field.after for field in change.fields} for change in plan.changes}
    assert written["group/Support"]["members"] == ["bob@x.org"]
    assert written["prompt/p"]["access"] == {"read": {"users": ["bob@x.org"]}}


def test_a_user_with_a_password_is_created() -> None:
    wanted = entry("user/carol@x.org", name="Carol", role="user", password="long enough")
    (change,) = make_plan(entries(wanted), [], snapshot(), Options()).changes
    assert change.action is Action.CREATE


def test_a_user_is_released_and_never_deleted() -> None:
    bob = entry("user/bob@x.org", role="user")
    plan = make_plan({}, [], snapshot(BOB, records={bob.address: record(bob)}), Options())
    assert plan.empty
    assert plan.settled == {"user/bob@x.org": None}
