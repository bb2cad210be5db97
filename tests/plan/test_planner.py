from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.errors import ManifestError, UnsafePlan
from owui_sync.manifest.desired import AbsentEntry, Entry
from owui_sync.plan.inventory import Inventory
from owui_sync.plan.options import Options
from owui_sync.plan.planner import make_plan
from owui_sync.plan.refusals import check_refusals
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Action, Cause, Change, InventoryEntry, Plan
from owui_sync.resolve.select import Selection
from owui_sync.values import ABSENT, Secret
from tests.support.build import HERE, entries, entry, live, record, snapshot

TRIAGE = entry("prompt/triage", content="new", tags=["b", "a"])


def plan(*wanted: Entry, on: Snapshot, absent: Iterable[AbsentEntry] = (), options: Options | None = None) -> Plan:
    return check_refusals(make_plan(entries(*wanted), absent, on, options or Options()))


def only(result: Plan) -> Change:
    assert len(result.changes) == 1
    return result.changes[0]


def owned(one: Entry) -> dict[str, InventoryEntry]:
    return {one.address: record(one)}


def causes(change: Change) -> dict[str, Cause]:
    return {field.path: field.cause for field in change.fields}


def test_what_is_not_on_the_server_is_created_with_every_written_field() -> None:
    change = only(plan(TRIAGE, on=snapshot()))
    assert (change.action, change.id, change.precondition) == (Action.CREATE, None, "absent")
    assert {field.path: (field.before, field.after) for field in change.fields} == {
        "content": (ABSENT, "new"),
        "tags": (ABSENT, ["a", "b"]),
    }


def test_what_is_as_it_was_applied_needs_no_change() -> None:
    result = plan(TRIAGE, on=snapshot(live("prompt/triage", content="new", tags=["a", "b"]), records=owned(TRIAGE)))
    assert result.empty
    assert result.unchanged == ("prompt/triage",)
    assert not result.settled


def test_a_field_edited_in_the_manifest_has_cause_manifest() -> None:
    before = entry("prompt/triage", content="old", tags=["a", "b"])
    result = plan(TRIAGE, on=snapshot(live("prompt/triage", content="old", tags=["a", "b"]), records=owned(before)))
    assert causes(only(result)) == {"content": Cause.MANIFEST}


def test_a_field_changed_on_the_server_has_cause_drift() -> None:
    result = plan(TRIAGE, on=snapshot(live("prompt/triage", content="new", tags=["x"]), records=owned(TRIAGE)))
    assert causes(only(result)) == {"tags": Cause.DRIFT}


def test_a_field_that_is_no_longer_written_goes_back_to_its_default() -> None:
    applied = entry("prompt/triage", content="new", tags=["a"], active=False)
    wanted = entry("prompt/triage", content="new")
    on = snapshot(live("prompt/triage", content="new", tags=["a"], active=False), records=owned(applied))
    change = only(plan(wanted, on=on))
    assert {field.path: (field.after, field.cause) for field in change.fields} == {
        "tags": ([], Cause.RESET),
        "active": (True, Cause.RESET),
    }


def test_a_leaf_that_is_no_longer_written_is_taken_away_and_its_neighbours_stay() -> None:
    applied = entry("model/bot", params={"temperature": 1, "top_p": 0.5})
    on = snapshot(live("model/bot", params={"temperature": 1, "top_p": 0.5, "seed": 7}), records=owned(applied))
    change = only(plan(entry("model/bot", params={"top_p": 0.5}), on=on))
    assert [(field.path, field.after) for field in change.fields] == [("params.temperature", ABSENT)]


def test_the_inventory_forgets_a_field_that_is_at_its_default_already() -> None:
    applied = entry("prompt/triage", content="new", tags=["a"])
    result = plan(
        entry("prompt/triage", content="new"), on=snapshot(live("prompt/triage", content="new"), records=owned(applied))
    )
    assert result.empty
    assert list(result.settled) == ["prompt/triage"]
    settled = result.settled["prompt/triage"]
    assert settled is not None
    assert list(settled.fields) == ["content"]


def test_fields_that_nobody_wrote_are_not_compared() -> None:
    other = live("prompt/triage", content="new", tags=["a", "b"], name="Somebody's title", access="public")
    assert plan(TRIAGE, on=snapshot(other, records=owned(TRIAGE))).empty


def test_what_is_there_and_nobodys_is_adopted_with_only_what_differs() -> None:
    change = only(plan(TRIAGE, on=snapshot(live("prompt/triage", content="old", tags=["a", "b"]))))
    assert (change.action, change.id, causes(change)) == (Action.ADOPT, "id-of-triage", {"content": Cause.MANIFEST})


def test_an_object_of_another_stack_is_refused_by_name_and_taken_over_on_demand(golden: SnapshotAssertion) -> None:
    theirs = Inventory("other", 1, "", {"prompt/triage": InventoryEntry("id-of-triage")})
    on = snapshot(live("prompt/triage", content="new"), others={"other": theirs})
    with pytest.raises(UnsafePlan, match=r"prompt/triage .* 'other'") as refused:
        plan(TRIAGE, on=on)
    assert refused.value.problems[0].where == str(HERE)
    assert str(refused.value) == golden
    change = only(plan(TRIAGE, on=on, options=Options(take_over=True)))
    assert (change.action, change.taken_from) == (Action.ADOPT, "other")


def test_an_owned_object_that_was_deleted_on_the_server_is_created_again_as_drift() -> None:
    change = only(plan(TRIAGE, on=snapshot(records=owned(TRIAGE))))
    assert change.action is Action.CREATE
    assert set(causes(change).values()) == {Cause.DRIFT}


def test_an_entry_that_is_gone_from_the_manifests_is_deleted_and_strangers_stay() -> None:
    on = snapshot(live("prompt/triage", content="new"), live("prompt/others", content="x"), records=owned(TRIAGE))
    assert [(change.action, change.address) for change in plan(on=on).changes] == [(Action.DELETE, "prompt/triage")]


def test_an_owned_object_that_is_gone_everywhere_is_forgotten() -> None:
    result = plan(on=snapshot(records=owned(TRIAGE)))
    assert result.empty
    assert result.settled == {"prompt/triage": None}


def test_a_kept_object_is_never_deleted(golden: SnapshotAssertion) -> None:
    kept = replace(record(TRIAGE), keep=True)
    with pytest.raises(UnsafePlan, match=r"prompt/triage .*`keep: true`") as refused:
        plan(on=snapshot(live("prompt/triage", content="new"), records={"prompt/triage": kept}))
    assert str(refused.value) == golden


def test_absent_deletes_whoever_made_it_and_every_namesake() -> None:
    on = snapshot(live("group/Old", "1"), live("group/Old", "2"))
    result = plan(on=on, absent=[AbsentEntry("group", "Old", HERE)])
    assert [(change.action, change.id) for change in result.changes] == [(Action.DELETE, "1"), (Action.DELETE, "2")]


def test_nothing_is_deleted_without_leave() -> None:
    on = snapshot(live("prompt/triage", content="new"), records=owned(TRIAGE))
    result = plan(on=on, options=Options(delete=False))
    assert result.empty
    (warning,) = result.warnings
    assert warning.endswith("--no-delete: prompt/triage")


def test_what_stays_without_leave_is_told_in_one_line_with_what_absent_names(golden: SnapshotAssertion) -> None:
    owned_ones = [entry(f"prompt/{number:02}", content="x") for number in range(11)]
    on = snapshot(
        *(live(one.address, content="x") for one in owned_ones),
        live("group/Old"),
        records={one.address: record(one) for one in owned_ones},
    )
    result = plan(on=on, absent=[AbsentEntry("group", "Old", HERE)], options=Options(delete=False))
    (warning,) = result.warnings
    assert "--no-delete: prompt/00, prompt/01, " in warning
    assert warning.endswith("prompt/09 and 2 more")
    assert warning == golden


def test_two_objects_of_one_name_are_an_error_that_lists_their_ids(golden: SnapshotAssertion) -> None:
    with pytest.raises(ManifestError, match=r"group/Support.* 1, 2") as error:
        plan(entry("group/Support"), on=snapshot(live("group/Support", "1"), live("group/Support", "2")))
    assert error.value.problems[0].where == str(HERE)
    assert str(error.value) == golden


def test_the_inventory_tells_which_of_two_namesakes_is_ours() -> None:
    ours = entry("group/Support", description="x")
    on = snapshot(live("group/Support", "1"), live("group/Support", "2"), records={ours.address: record(ours, "2")})
    assert only(plan(ours, on=on)).id == "2"


def test_all_problems_are_told_at_once(golden: SnapshotAssertion) -> None:
    wanted = [entry(f"prompt/{key}", tags=[]) for key in ("a", "b", "c")]
    with pytest.raises(ManifestError) as error:
        plan(*wanted, on=snapshot())
    assert len(error.value.problems) == 3
    assert str(error.value) == golden


def test_an_object_comes_after_what_it_names() -> None:
    result = plan(
        entry("prompt/triage", content="x", access={"write": {"groups": ["Support"]}}),
        entry("group/Support"),
        on=snapshot(),
    )
    assert {change.address: change.depends_on for change in result.changes} == {
        "group/Support": (),
        "prompt/triage": ("group/Support",),
    }


def test_a_delete_comes_after_the_last_one_that_names_it() -> None:
    group, access = entry("group/Support"), {"read": {"groups": ["Support"]}}
    prompt = entry("prompt/triage", content="x", access=access)
    on = snapshot(
        live("group/Support"), live("prompt/triage", content="x", access=access), records=owned(group) | owned(prompt)
    )
    result = plan(entry("prompt/triage", content="x", access="private"), on=on)
    assert [(change.action, change.address, change.depends_on) for change in result.changes] == [
        (Action.UPDATE, "prompt/triage", ()),
        (Action.DELETE, "group/Support", ("prompt/triage",)),
    ]


def test_what_an_entry_names_may_not_be_deleted_by_the_same_plan() -> None:
    group = entry("group/Support")
    prompt = entry("prompt/triage", content="x", access={"read": {"groups": ["Support"]}})
    with pytest.raises(ManifestError, match="group/Support, which this plan deletes"):
        plan(prompt, on=snapshot(live("group/Support"), records=owned(group)))


def test_a_selection_limits_changes_and_deletes() -> None:
    other = entry("group/Support", description="x")
    on = snapshot(live("prompt/triage", content="new"), live("group/Support"), records=owned(TRIAGE) | owned(other))
    result = plan(on=on, options=Options(selection=Selection.parse(only=["prompts/*"])))
    assert [change.address for change in result.changes] == ["prompt/triage"]


def test_what_a_selected_entry_names_must_exist_or_be_selected_too() -> None:
    prompt = entry("prompt/triage", content="x", access={"read": {"groups": ["Support"]}})
    options = Options(selection=Selection.parse(only=["prompts/*"]))
    with pytest.raises(ManifestError, match="group/Support") as error:
        plan(prompt, entry("group/Support"), on=snapshot(), options=options)
    assert "--only" in (error.value.problems[0].hint or "")


def test_a_secret_is_compared_but_never_shown() -> None:
    secret = Secret("hunter2", {"$secret": "NAME"})
    wanted = entry("prompt/triage", content=secret)
    assert plan(wanted, on=snapshot(live("prompt/triage", content="hunter2"), records=owned(wanted))).empty
    change = only(plan(wanted, on=snapshot(live("prompt/triage", content="other"), records=owned(wanted))))
    assert [(field.secret, field.cause) for field in change.fields] == [(True, Cause.DRIFT)]
    assert "hunter2" not in repr(change)


def test_what_rules_covered_is_released_with_its_access_reset_when_it_holds_more_than_access(
    golden: SnapshotAssertion,
) -> None:
    ruled = entry("model/gpt", access="public", partial=True)
    there = live("model/gpt", access="public", description="Somebody's words")
    change = only(plan(on=snapshot(there, records={"model/gpt": record(ruled, partial=True)})))
    assert (change.action, change.record) == (Action.UPDATE, None)
    assert [(field.path, field.after) for field in change.fields] == [("access", "private")]
    assert change.reason == golden


def test_what_rules_covered_and_holds_nothing_but_access_is_deleted(golden: SnapshotAssertion) -> None:
    ruled = entry("model/gpt", access="public", partial=True)
    on = snapshot(live("model/gpt", access="public"), records={"model/gpt": record(ruled, partial=True)})
    change = only(plan(on=on))
    assert change.action is Action.DELETE
    assert change.reason == golden


def test_a_name_counts_as_more_than_access_unless_it_is_the_providers() -> None:
    ruled = entry("model/gpt", access="public", partial=True)
    records = {"model/gpt": record(ruled, partial=True)}
    there = live("model/gpt", access="public", name="GPT")
    assert only(plan(on=snapshot(there, records=records))).action is Action.UPDATE
    shown = replace(there, defaults={"name": "GPT"})
    assert only(plan(on=snapshot(shown, records=records))).action is Action.DELETE


def test_of_a_providers_model_only_what_the_stack_applied_goes_back() -> None:
    ours = entry("model/gpt", access="public", params={"temperature": 1})
    there = live("model/gpt", access="public", params={"temperature": 1}, system="Somebody's words")
    change = only(plan(on=snapshot(there, records=owned(ours))))
    assert (change.action, change.record) == (Action.UPDATE, None)
    assert {(f.path, f.after) for f in change.fields} == {("access", "private"), ("params.temperature", ABSENT)}
    alone = live("model/gpt", access="public", params={"temperature": 1})
    assert only(plan(on=snapshot(alone, records=owned(ours)))).reason == "no longer in the manifests"
    preset = entry("model/bot", base="gpt")
    there = live("model/bot", base="gpt", system="Somebody's words")
    assert only(plan(on=snapshot(there, records=owned(preset)))).action is Action.DELETE


@pytest.mark.parametrize("named", [False, True])
def test_a_deletion_says_when_the_object_was_adopted(*, named: bool) -> None:
    there = live("prompt/triage", content="x")
    absent = [AbsentEntry("prompt", "triage", HERE)] if named else []
    for adopted in (True, False, None):
        on = snapshot(there, records={TRIAGE.address: replace(record(TRIAGE), adopted=adopted)})
        said = "adopted, not made by this stack" in only(make_plan({}, absent, on, Options())).reason
        assert said == bool(adopted)


def test_the_inventory_knows_what_was_made_and_what_was_adopted() -> None:
    made, adopted = (
        only(plan(TRIAGE, on=snapshot())),
        only(plan(TRIAGE, on=snapshot(live("prompt/triage", content="x")))),
    )
    assert (made.record and made.record.adopted, adopted.record and adopted.record.adopted) == (False, True)
    cut_short = {TRIAGE.address: replace(record(TRIAGE), id="", adopted=False)}
    again = only(plan(TRIAGE, on=snapshot(live("prompt/triage", content="x"), records=cut_short)))
    assert again.record
    assert again.record.adopted is None, "a run that was killed may have made it, or not"
    known = {TRIAGE.address: replace(record(TRIAGE), adopted=True)}
    drifted = only(plan(TRIAGE, on=snapshot(live("prompt/triage", content="drift"), records=known)))
    assert drifted.record
    assert drifted.record.adopted is True


def test_what_is_left_alone_is_not_reset() -> None:
    was = entry("prompt/triage", content="x", tags=["a"])
    there = live("prompt/triage", content="x", tags=["b"])
    now = replace(entry("prompt/triage", content="x"), unmanaged=frozenset({"tags"}))
    assert plan(now, on=snapshot(there, records=owned(was))).empty
    assert not plan(entry("prompt/triage", content="x"), on=snapshot(there, records=owned(was))).empty


def test_what_another_stack_took_over_is_given_up_and_stays(golden: SnapshotAssertion) -> None:
    theirs = Inventory("heir", 1, "", {"prompt/triage": InventoryEntry("id-of-triage")})
    on = snapshot(live("prompt/triage", content="new"), records=owned(TRIAGE), others={"heir": theirs})
    result = plan(on=on)
    assert (result.changes, result.settled) == ((), {"prompt/triage": None})
    (warning,) = result.warnings
    assert "'heir'" in warning
    assert warning == golden
