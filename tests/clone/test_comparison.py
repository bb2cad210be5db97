from __future__ import annotations

from dataclasses import replace

from owui_sync.clone.comparison import Side, compare
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.plan.types import Plan
from owui_sync.resolve.select import Selection
from tests.support.build import live, snapshot


def compared(ours: list[ObservedResource], theirs: list[ObservedResource], *only: str, version: str = "0.12.4") -> Plan:
    old = snapshot(*theirs)
    old = replace(old, server=replace(old.server, version=version))
    return compare(Side("one", snapshot(*ours)), Side("two", old), Selection.parse(only))


def words(plan: Plan) -> list[str]:
    return [
        f"{change.action.symbol} {change.address} {','.join(field.path for field in change.fields)}"
        for change in plan.changes
    ]


def test_what_is_at_its_default_on_one_server_is_compared() -> None:
    ours, theirs = live("group/A"), live("group/A", description="x", permissions={"chat": {"delete": True}})
    expected = ["~ group/A description,permissions.chat.delete"]
    assert words(compared([ours], [theirs])) == words(compared([theirs], [ours])) == expected


def test_the_selection_counts_and_deletes_come_last() -> None:
    ours, theirs = [live("prompt/a", content="a"), live("group/A")], [live("group/B"), live("group/A")]
    plan = compared(ours, theirs)
    assert words(plan) == ["+ prompt/a content", "- group/B "]
    assert plan.unchanged == ("group/A",)
    assert words(compared(ours, theirs, "prompts/*")) == ["+ prompt/a content"]


def test_permissions_that_only_one_server_knows_are_passed_over() -> None:
    ours = live("permissions/default", chat={"delete": True, "import": True})
    theirs = live("permissions/default", chat={"delete": False})
    assert words(compared([ours], [theirs])) == ["~ permissions/default chat.delete"]
    assert words(compared([ours], [])) == []


def test_a_permission_of_a_group_that_one_server_does_not_know_is_passed_over() -> None:
    names = IdIndex()
    names.add("permission", "chat.delete", "chat.delete")
    ours = live("group/A", permissions={"chat": {"delete": True, "gone": True}})
    sides = Side("one", snapshot(ours, names=names)), Side("two", snapshot(live("group/A"), names=names))
    assert words(compare(*sides, Selection())) == ["~ group/A permissions.chat.delete"]


def test_a_field_that_is_too_new_for_one_server_is_passed_over() -> None:
    ours = live("prompt/a", content="a", tags=["x"])
    theirs = live("prompt/a", content="a")
    assert words(compared([ours], [theirs])) == ["~ prompt/a tags"]
    assert words(compared([ours], [theirs], version="0.6.43")) == []


def test_equal_ones_of_several_with_one_name_belong_together() -> None:
    ours = [live("group/A", "1", description="a"), live("group/A", "2", description="b")]
    theirs = [live("group/A", "3", description="b")]
    assert words(compared(ours, theirs)) == ["+ group/A description"]
    assert words(compared(theirs, ours)) == ["- group/A "]


def test_files_whose_digest_a_server_does_not_know_are_compared_by_their_sizes() -> None:
    def base(sha256: str, size: int = 3) -> ObservedResource:
        return live("knowledge/A", files=[{"path": "a.md", "sha256": sha256, "size": size}])

    plan = compared([base("")], [base("aa")])
    assert words(plan) == []
    assert plan.warnings == ("one: the server does not know the digests of 1 files: their sizes are compared alone",)
    for theirs in (base("aa", 4), live("knowledge/A", files=[])):
        assert words(compared([base("")], [theirs])) == ["~ knowledge/A files"]
    assert words(compared([base("bb")], [base("aa")])) == ["~ knowledge/A files"]
