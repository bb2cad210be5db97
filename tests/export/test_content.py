from __future__ import annotations

from dataclasses import replace

from syrupy.assertion import SnapshotAssertion

from owui_sync.export.content import content_of, wanted
from owui_sync.kinds import KINDS
from owui_sync.kinds.names import IdIndex
from owui_sync.plan.inventory import Inventory
from owui_sync.plan.types import InventoryEntry
from owui_sync.resolve.select import Selection
from tests.support import build

ALL = Selection()
ONE = build.live("prompt/one", "id-1", content="1")
TWO = build.live("prompt/two", "id-2", content="2")


def records(**ids: str) -> dict[str, InventoryEntry]:
    return {f"prompt/{key}": InventoryEntry(id) for key, id in ids.items()}


def keys(content: object) -> list[str]:
    items = content.items.values()  # type: ignore[attr-defined]
    return [f"{item.kind}/{item.key}" for some in items for item in some]


def test_objects_come_by_section_and_key() -> None:
    model = build.live("model/a", "a", system="x")
    assert keys(content_of(build.snapshot(TWO, model, ONE), ALL)) == ["model/a", "prompt/one", "prompt/two"]


def test_the_selection_counts() -> None:
    assert keys(content_of(build.snapshot(ONE, TWO), Selection.parse(["prompts/t*"]))) == ["prompt/two"]
    assert keys(content_of(build.snapshot(ONE, TWO), Selection.parse((), ["prompts/t*"]))) == ["prompt/one"]


def test_only_selected_kinds_are_read_with_what_they_refer_to() -> None:
    assert wanted(Selection.parse(["prompts/*"])) == {"prompt", "group", "user"}
    assert KINDS.keys() <= wanted(ALL)


def test_a_stack_is_exported_without_what_others_own() -> None:
    snapshot = build.snapshot(ONE, TWO, records=records(one="id-1", two="another-id"))
    content = content_of(snapshot, ALL, "default")
    assert (keys(content), content.stack) == (["prompt/one"], "default")


def test_the_one_stack_that_owns_what_is_exported_is_the_stack_of_the_export() -> None:
    others = {"team": Inventory("team", 1, build.SALT, records(one="id-1"))}
    content = content_of(build.snapshot(ONE, TWO, others=others), ALL)
    assert (content.stack, content.warnings) == ("team", ())


def test_objects_of_several_stacks_are_warned_of(golden: SnapshotAssertion) -> None:
    others = {"team": Inventory("team", 1, build.SALT, records(one="id-1"))}
    content = content_of(build.snapshot(ONE, TWO, records=records(two="id-2"), others=others), ALL)
    assert content.stack == "default"
    (warning,) = content.warnings
    assert "default, team" in warning
    assert warning == golden


def test_of_two_objects_with_one_name_the_owned_one_is_exported() -> None:
    both = [build.live("group/G", id, description=id) for id in ("1", "2")]
    snapshot = build.snapshot(*both, records={"group/G": InventoryEntry("2")})
    [item] = content_of(snapshot, ALL).items["group"]
    assert item.fields == {"description": "2"}


def test_two_objects_with_one_name_that_nobody_owns_are_left_out(golden: SnapshotAssertion) -> None:
    content = content_of(build.snapshot(*(build.live("group/G", id) for id in ("1", "2"))), ALL)
    assert keys(content) == []
    (warning,) = content.warnings
    assert warning.startswith("group/G ")
    assert "(1, 2)" in warning
    assert warning == golden


def test_an_object_whose_key_no_manifest_can_have_is_left_out(golden: SnapshotAssertion) -> None:
    content = content_of(build.snapshot(build.live("prompt/two words", content="x")), ALL)
    assert keys(content) == []
    (warning,) = content.warnings
    assert warning.startswith("prompt/two words ")
    assert warning == golden


def test_what_is_only_covered_by_access_rules_becomes_rules_again() -> None:
    lives = [build.live(f"model/{key}", key, access="public") for key in ("b", "a[1]*")]
    lives.append(build.live("model/c", "c", access="private"))
    partial = {live.address: InventoryEntry(live.id, {"access": "x"}, partial=True) for live in lives}
    content = content_of(build.snapshot(*lives, records=partial), ALL, "default")
    assert content.items == {}
    assert content.rules == (
        {"models": ["c"], "access": "private"},
        {"models": ["a[[]1][*]", "b"], "access": "public"},
    )


def test_of_an_object_that_a_rule_covers_a_stack_owns_the_access_alone() -> None:
    live = build.live("model/m", "m", access="public", system="not ours")
    snapshot = build.snapshot(live, records={"model/m": InventoryEntry("m", {"access": "x"}, partial=True)})
    assert content_of(snapshot, ALL, "default").rules == ({"models": ["m"], "access": "public"},)
    assert keys(content_of(snapshot, ALL)) == ["model/m"]


def test_keep_is_exported_for_the_stack_that_said_so() -> None:
    kept = {"prompt/one": replace(records(one="id-1")["prompt/one"], keep=True)}
    [item] = content_of(build.snapshot(ONE, records=kept), ALL).items["prompt"]
    assert item.fields == {"content": "1", "keep": True}


def test_a_secret_of_any_stack_is_left_out() -> None:
    others = {"team": Inventory("team", 1, build.SALT, {"prompt/one": InventoryEntry("id-1", {"content": "s:abc"})})}
    [item] = content_of(build.snapshot(ONE, others=others), ALL).items["prompt"]
    assert (item.fields, item.secrets) == ({"unmanaged": ["content"]}, ("content",))


def test_what_no_key_can_name_is_told_with_names_and_count() -> None:
    names = IdIndex()
    names.unnamed["folder"] = ["", "a/b", *(f"x/{number}" for number in range(12))]
    content = content_of(build.snapshot(ONE, names=names), ALL)
    assert [warning for warning in content.warnings if "folder" in warning] == [
        "14 folders are left out, for a name that no key can have, or below such a one: `(no name)`, `a/b`, `x/0`, "
        "`x/1`, `x/2`, `x/3`, `x/4`, `x/5`, `x/6`, `x/7` and 4 more"
    ]
    assert not content_of(build.snapshot(ONE, names=names), Selection.parse(["prompts/*"])).warnings


def test_what_no_field_says_is_told_with_names_and_count() -> None:
    rows = {"ann@x.de": {"bio": "b"}, "bob@x.de": {"bio": "c", "profile_image_url": "/user.png"}}
    lives = [replace(build.live(f"user/{key}", role="user"), row=row) for key, row in rows.items()]
    group = replace(build.live("group/G"), row={"data": {"config": {"share": "members", "odd": ["m"]}}})
    assert content_of(build.snapshot(*lives, group), ALL).warnings == (
        "`bio` of 2 users are not exported, as no field says it: `ann@x.de`, `bob@x.de`",
        "`data.config.odd` of 1 group is not exported, as no field says it: `G`",
    )


def test_what_the_stack_owns_and_the_manifests_lack_is_left_out_of_their_selection() -> None:
    odd = build.live("prompt/a b", "id-odd", content="x")
    records = {
        "prompt/was[1]": InventoryEntry("id-odd"),
        "prompt/gone": InventoryEntry("id-gone"),
        "prompt/one": InventoryEntry("id-1"),
    }
    content = content_of(build.snapshot(ONE, odd, records=records), ALL)
    assert [item.key for item in content.items["prompt"]] == ["one"]
    assert content.exclude == ("prompts/was[[]1]",)


def test_access_that_cannot_be_said_makes_no_rule() -> None:
    model = build.live("model/gpt", "gpt")
    model = replace(model, values={"access": {"write": {"groups": ["G"]}}})
    group = build.live("group/G", "g")
    known = {"model/gpt": InventoryEntry("gpt", {"access": "f"}, partial=True)}
    content = content_of(build.snapshot(model, group, records=known), ALL, "default")
    assert content.rules == ()
    assert [item.fields for item in content.items["model"]] == [{"unmanaged": ["access"]}]
