"""`access_rules`, `absent` and `moved` of all files and layers count together."""

from __future__ import annotations

from pathlib import Path

import pytest

from owui_sync.manifest.desired import Desired
from owui_sync.manifest.load import load
from tests.support.folder import Folder, problems_of

RULE = "access_rules: [{models: ['%s'], access: %s}]"


def rules(desired: Desired) -> list[str]:
    return [rule.models[0] for rule in desired.rules]


def gone(desired: Desired) -> set[str]:
    return {each.address for each in desired.absent}


def moves(desired: Desired) -> dict[str, str]:
    return {move.before: move.after for move in desired.moved}


def test_rules_of_two_files_count_in_the_order_of_the_files(folder: Folder) -> None:
    folder.manifest(RULE % ("b-*", "public"), "l/2.yaml")
    folder.manifest(RULE % ("a-*", "private"), "l/1.yaml")
    assert rules(load([Path("l")])) == ["a-*", "b-*"]


def test_rules_of_upper_layers_come_first(folder: Folder) -> None:
    low = folder.manifest(RULE % ("*", "private"), "low.yaml")
    high = folder.manifest(RULE % ("gpt-*", "public"), "high.yaml")
    assert rules(load([low, high])) == ["gpt-*", "*"]


def test_names_under_absent_of_two_files_and_of_two_layers_add_up(folder: Folder) -> None:
    folder.manifest("absent: {prompts: [a]}", "low/1.yaml")
    folder.manifest("absent: {prompts: [b], groups: [G]}", "low/2.yaml")
    high = folder.manifest("absent: {prompts: [c]}", "high.yaml")
    assert gone(load([Path("low"), high])) == {"prompt/a", "prompt/b", "prompt/c", "group/G"}


def test_a_move_may_stand_beside_its_object_in_every_file_and_layer(folder: Folder) -> None:
    folder.manifest("prompts: {b: {content: x}}\nmoved: [{prompts: {from: a, to: b}}]", "low/1.yaml")
    folder.manifest("groups: {H: {}}\nmoved: [{groups: {from: G, to: H}}]", "low/2.yaml")
    high = folder.manifest("prompts: {d: {content: x}}\nmoved: [{prompts: {from: c, to: d}}]", "high.yaml")
    assert moves(load([Path("low"), high])) == {
        "prompt/a": "prompt/b",
        "group/G": "group/H",
        "prompt/c": "prompt/d",
    }


@pytest.mark.parametrize("key", ["access_rules", "absent", "moved"])
def test_null_in_an_upper_layer_drops_what_lower_layers_said(folder: Folder, key: str) -> None:
    text = f"{RULE % ('*', 'public')}\nabsent: {{groups: [G]}}\nprompts: {{b: {{content: x}}}}\n"
    low = folder.manifest(text + "moved: [{prompts: {from: a, to: b}}]", "low.yaml")
    desired = load([low, folder.manifest(f"{key}: null", "high.yaml")])
    left = {"access_rules": desired.rules, "absent": desired.absent, "moved": desired.moved}
    assert not left.pop(key)
    assert all(left.values())


def test_null_beside_new_lines_of_its_layer_drops_only_what_is_below(folder: Folder) -> None:
    low = folder.manifest(RULE % ("old", "public"), "low.yaml")
    folder.manifest("access_rules: null", "high/1.yaml")
    folder.manifest(RULE % ("new", "public"), "high/2.yaml")
    assert rules(load([low, Path("high")])) == ["new"]


def test_null_for_a_section_of_absent_drops_that_section(folder: Folder) -> None:
    low = folder.manifest("absent: {prompts: [a], groups: [G]}", "low.yaml")
    assert gone(load([low, folder.manifest("absent: {prompts: null}", "high.yaml")])) == {"group/G"}


@pytest.mark.parametrize(
    ("text", "name"),
    [("moved: null", "moved"), ("absent: {prompts: null}", "absent.prompts"), ("access_rules: null", "access_rules")],
)
def test_null_that_drops_nothing_is_a_problem(folder: Folder, text: str, name: str) -> None:
    (problem,) = folder.problems(text)
    assert problem.startswith("m.yaml:2:")
    assert f"there is no `{name}` in a lower layer that null could remove" in problem


def test_a_line_written_twice_counts_once(folder: Folder) -> None:
    text = f"{RULE % ('*', 'public')}\nabsent: {{users: [%s]}}\nmoved: [{{prompts: {{from: a, to: b}}}}]"
    low = folder.manifest(text % "M@example.com", "low.yaml")
    high = folder.manifest(text % "m@example.com" + "\nprompts: {b: {content: x}}", "high.yaml")
    desired = load([low, high])
    assert (len(desired.rules), len(desired.absent), len(desired.moved)) == (1, 1, 1)


def test_two_moves_of_one_key_are_a_problem_that_names_both_places(folder: Folder) -> None:
    low = folder.manifest("users: {b@x: {}}\nmoved: [{users: {from: a@x, to: b@x}}]", "low.yaml")
    high = folder.manifest("users: {c@x: {}}\nmoved: [{users: {from: A@x, to: c@x}}]", "high.yaml")
    assert problems_of([low, high]) == [
        "low.yaml:3:9: `user/a@x` is moved to `b@x` here, but to `c@x` at high.yaml:3:9\n"
        "an object has one new key: keep one of the two"
    ]


def test_a_key_both_written_and_absent_in_one_layer_is_a_problem_that_names_both_places(folder: Folder) -> None:
    folder.manifest("users: {Bob@x.org: {role: user}}", "l/1.yaml")
    folder.manifest("absent: {users: [bob@x.org]}", "l/2.yaml")
    assert problems_of([Path("l")]) == [
        "l/2.yaml:2:18: user `bob@x.org` must be absent, but is also written at l/1.yaml:2:9\ndelete one of the two"
    ]


def test_an_entry_of_an_upper_layer_lifts_the_absent_of_a_lower_one(folder: Folder) -> None:
    low = folder.manifest("absent: {prompts: [a, b]}", "low.yaml")
    desired = load([low, folder.manifest("prompts: {a: {content: x}}", "high.yaml")])
    assert gone(desired) == {"prompt/b"}
    assert list(desired.entries) == ["prompt/a"]


def test_the_absent_of_an_upper_layer_takes_the_entry_of_a_lower_one_away(folder: Folder) -> None:
    low = folder.manifest("prompts: {a: {content: !file not-needed.md}, b: {content: x}}", "low.yaml")
    desired = load([low, folder.manifest("absent: {prompts: [a]}", "high.yaml")])
    assert gone(desired) == {"prompt/a"}
    assert list(desired.entries) == ["prompt/b"]


def test_a_removed_entry_may_be_absent_in_the_same_layer(folder: Folder) -> None:
    low = folder.manifest("prompts: {a: {content: x}}", "low.yaml")
    desired = load([low, folder.manifest("prompts: {a: null}\nabsent: {prompts: [a]}", "high.yaml")])
    assert (gone(desired), dict(desired.entries)) == ({"prompt/a"}, {})


def test_tags_may_stand_for_lines_and_for_whole_lists(folder: Folder) -> None:
    low = folder.manifest("vars: {old: [a, b], c: c}\nabsent: {prompts: !var old}", "low.yaml")
    high = folder.manifest("absent: {prompts: [!var c]}\nprompts: !var section", "high.yaml")
    desired = load([low, high], variables={"section": {}})
    assert gone(desired) == {"prompt/a", "prompt/b", "prompt/c"}


def test_what_is_wrong_in_any_file_is_told_with_the_number_that_it_has_there(folder: Folder) -> None:
    folder.manifest("moved: [{prompts: {from: a}}]\naccess_rules: {}", "l/1.yaml")
    folder.manifest("moved: [{prompts: {from: b}}]\nabsent: [x]", "l/2.yaml")
    starts = [problem.split("\n")[0] for problem in problems_of([Path("l")])]
    assert starts[0] == "l/1.yaml:2:19: `moved[0].prompts` lacks `to`"
    assert starts[1].startswith("l/1.yaml:3:15: `access_rules`")
    assert starts[2] == "l/2.yaml:2:19: `moved[0].prompts` lacks `to`"
    assert starts[3].startswith("l/2.yaml:3:9: `absent`")
    assert len(starts) == 4
