from __future__ import annotations

from owui_sync.kinds.observed import ObservedResource
from owui_sync.manifest.desired import Entry
from owui_sync.plan.order import ordered
from owui_sync.plan.types import Action, Change
from tests.support.build import HERE, entries, entry, live, snapshot

SHARED = {"read": {"groups": ["Support"]}}


def change(action: Action, address: str) -> Change:
    kind, _, key = address.partition("/")
    id = None if action is Action.CREATE else f"id-of-{key}"
    return Change(action, kind, key, id, None if action is Action.DELETE else HERE, (), "")


def after(changes: list[Change], *wanted: Entry, on: tuple[ObservedResource, ...] = ()) -> dict[str, tuple[str, ...]]:
    return {each.address: each.depends_on for each in ordered(changes, entries(*wanted), snapshot(*on))}


def test_a_person_reads_by_kind_and_key_and_deletes_last() -> None:
    changes = [
        change(Action.DELETE, "group/A"),
        change(Action.CREATE, "prompt/b"),
        change(Action.CREATE, "prompt/a"),
        change(Action.CREATE, "model/z"),
        change(Action.CREATE, "group/Z"),
    ]
    wanted = [entry(each.address) for each in changes[1:]]
    assert list(after(changes, *wanted)) == ["group/Z", "model/z", "prompt/a", "prompt/b", "group/A"]


def test_the_order_in_which_changes_are_found_does_not_matter() -> None:
    changes = [change(Action.CREATE, f"prompt/{key}") for key in "bca"]
    wanted = [entry(each.address) for each in changes]
    assert list(after(changes, *wanted)) == list(after(changes[::-1], *wanted[::-1]))


def test_only_what_is_made_by_the_plan_has_to_be_waited_for() -> None:
    wanted = [entry("group/Support", description="x"), entry("prompt/p", access=SHARED)]
    updates = [change(Action.UPDATE, "group/Support"), change(Action.CREATE, "prompt/p")]
    replaces = [change(Action.REPLACE, "group/Support"), change(Action.CREATE, "prompt/p")]
    assert after(updates, *wanted)["prompt/p"] == ()
    assert after(replaces, *wanted)["prompt/p"] == ("group/Support",)


def test_what_a_setting_switches_on_comes_after_that_setting() -> None:
    changes = [change(Action.UPDATE, "setting/general"), change(Action.CREATE, "channel/news")]
    assert after(changes, entry("setting/general"), entry("channel/news"))["channel/news"] == ("setting/general",)
    assert after(changes[1:], entry("channel/news"))["channel/news"] == ()


def test_a_model_comes_after_the_tool_servers_that_it_names_as_tools() -> None:
    changes = [change(Action.CREATE, f"setting/tool_servers.{id}") for id in ("clock", "desk")]
    changes += [change(Action.CREATE, "model/bot")]
    wanted = [entry(each.address) for each in changes[:2]] + [
        entry("model/bot", tools=["server:clock", "server:mcp:desk"])
    ]
    made = ("setting/tool_servers.clock", "setting/tool_servers.desk")
    assert after(changes, *wanted) == {made[0]: (), made[1]: (), "model/bot": made}


def test_a_preset_comes_after_the_preset_that_it_is_made_from() -> None:
    changes = [change(Action.CREATE, "model/a"), change(Action.CREATE, "model/b")]
    assert after(changes, entry("model/a", base="b"), entry("model/b", base="gpt-4.1")) == {
        "model/a": ("model/b",),
        "model/b": (),
    }


def test_a_delete_waits_for_deletes_of_other_kinds_that_name_it() -> None:
    changes = [change(Action.DELETE, "group/Support"), change(Action.DELETE, "prompt/p")]
    on = (live("group/Support"), live("prompt/p", access=SHARED))
    assert after(changes, on=on) == {"group/Support": ("prompt/p",), "prompt/p": ()}


def test_presets_that_are_deleted_together_do_not_wait_for_each_other() -> None:
    changes = [change(Action.DELETE, "model/a"), change(Action.DELETE, "model/b")]
    on = (live("model/a", base="b"), live("model/b", base="a"))
    assert after(changes, on=on) == {"model/a": (), "model/b": ()}


def test_nothing_waits_for_itself() -> None:
    assert after([change(Action.CREATE, "model/a")], entry("model/a", base="a")) == {"model/a": ()}
