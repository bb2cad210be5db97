from __future__ import annotations

from typing import Any

from owui_sync.manifest.desired import AbsentEntry, AccessRule, Desired
from owui_sync.resolve.graph import named, reads, wanted
from owui_sync.values import ABSENT, Secret
from tests.support.build import HERE, entries, entry


def addresses(address: str, **fields: Any) -> set[tuple[str, str]]:
    one = entry(address, **fields)
    return {(use.path, use.address) for use in named(one.kind, one.values)}


def test_every_kind_of_name_is_found_with_its_path() -> None:
    assert addresses(
        "model/m",
        base="gpt-4.1",
        knowledge=["Handbook"],
        tools=["t"],
        filters=["f"],
        skills=["s"],
        access={"read": {"groups": ["G"]}, "write": {"users": ["A@example.com"]}},
    ) == {
        ("base", "model/gpt-4.1"),
        ("knowledge", "knowledge/Handbook"),
        ("tools", "tool/t"),
        ("filters", "function/f"),
        ("skills", "skill/s"),
        ("access", "group/G"),
        ("access", "user/a@example.com"),
    }


def test_values_without_names_name_nothing() -> None:
    assert addresses("model/m", access="public", system="group/G", params={"base": "x"}) == set()
    assert named("model", {"base": None, "knowledge": ABSENT}) == []


def test_a_secret_names_nothing() -> None:
    assert named("model", {"base": Secret("x", {})}) == []


def test_only_what_the_fields_need_is_read() -> None:
    assert reads("prompt", "", ["content"]) == {"prompt"}
    assert reads("prompt", "", ["content", "access"]) == {"prompt", "group", "user"}
    assert "membership" in reads("group", "", ["members"])
    assert "membership" not in reads("group", "", ["description", "permissions.workspace.models"])
    assert reads("model", "", ["params.temperature"]) == {"model", "provider"}


def test_rules_and_absent_names_are_read_for_too() -> None:
    assert wanted(Desired("s", {})) == frozenset()
    assert wanted(Desired("s", {}, absent=(AbsentEntry("prompt", "p", HERE),))) == {"prompt"}
    rule = AccessRule(("*",), "public", HERE)
    assert wanted(Desired("s", {}, rules=(rule,))) == {"model", "provider", "group", "user"}
    assert wanted(Desired("s", entries(entry("prompt/p", content="x"), entry("group/G")))) == {"prompt", "group"}
