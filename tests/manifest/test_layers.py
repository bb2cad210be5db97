"""Files in a layer add up and may not repeat each other; higher layers change lower ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from owui_sync.manifest.load import load
from tests.support.folder import Folder, problems_of
from tests.support.words import names_in, place_of


def test_files_of_a_layer_add_up(folder: Folder) -> None:
    folder.manifest("prompts: {a: {content: x}}\nstack: s", "l/1.yaml")
    folder.manifest("prompts: {b: {content: y}}\nstack: s", "l/2.yml")
    desired = load([Path("l")])
    assert list(desired.entries) == ["prompt/a", "prompt/b"]
    assert (desired.stack, desired.files) == ("s", ("l/1.yaml", "l/2.yml"))


def test_the_same_key_in_two_files_of_a_layer_names_both_places(folder: Folder, golden: SnapshotAssertion) -> None:
    folder.manifest("prompts: {a: {content: x}}\nvars: {v: 1}", "l/1.yaml")
    folder.manifest("prompts: {a: {content: x}}\nvars: {v: 1}", "l/2.yaml")
    problems = problems_of([Path("l")])
    twice = {"prompts.a": "2:11", "vars.v": "3:8"}
    for problem, (name, place) in zip(problems, twice.items(), strict=True):
        assert place_of(problem) == f"l/2.yaml:{place}"
        assert name in names_in(problem)
        assert f"l/1.yaml:{place}" in problem
    assert problems == golden


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3), min_size=1))
def test_how_entries_are_spread_over_files_does_not_matter(folder: Folder, spread: dict[str, int]) -> None:
    for path in folder.path.rglob("*.yaml"):
        path.unlink()
    for number in set(spread.values()):
        section = {key: {"content": key} for key, file in spread.items() if file == number}
        folder.manifest(f"prompts: {json.dumps(section)}", f"l/{number}.yaml")
    entries = load([Path("l")]).entries
    assert {key: entry.values["content"] for key, entry in entries.items()} == {f"prompt/{key}": key for key in spread}


def test_between_layers_mappings_merge_and_anything_else_is_replaced(folder: Folder) -> None:
    low = folder.manifest("models:\n  m: {name: A, tags: [x, y], params: {a: 1, b: 2}}", "low.yaml")
    high = folder.manifest("models:\n  m: {tags: [z], params: {b: 3, c: 4}}\n  n: {}", "high.yaml")
    desired = load([low, high])
    assert desired.entries["model/m"].values == {
        "name": "A",
        "tags": ["z"],
        "params.a": 1,
        "params.b": 3,
        "params.c": 4,
    }
    assert "model/n" in desired.entries


def test_the_place_of_an_entry_and_of_each_value_stays_known(folder: Folder) -> None:
    low = folder.manifest("models:\n  m: {name: A, params: {a: 1}}", "low.yaml")
    high = folder.manifest("models:\n  m:\n    params:\n      b: 2", "high.yaml")
    entry = load([low, high]).entries["model/m"]
    assert str(entry.source) == "low.yaml:3:3"
    assert str(entry.where("params.a")) == "low.yaml:3:25"
    assert str(entry.where("params.b")) == "high.yaml:5:7"
    assert str(entry.where("params.unknown")) == "low.yaml:3:16"


def test_null_removes_entries_fields_and_sections_of_lower_layers(folder: Folder) -> None:
    low = folder.manifest("prompts: {a: {content: x, name: N}, b: {content: y}}\ngroups: {g: {}}", "low.yaml")
    high = folder.manifest("prompts: {a: {name: null}, b: ~}\ngroups: null", "high.yaml")
    desired = load([low, high])
    assert {key: dict(entry.values) for key, entry in desired.entries.items()} == {"prompt/a": {"content": "x"}}


def test_null_for_what_no_lower_layer_has_is_a_problem(folder: Folder, golden: SnapshotAssertion) -> None:
    low = folder.manifest("prompts: {triage: {content: x}}", "low.yaml")
    high = folder.manifest("prompts: {triaeg: null, x: {content: null}}", "high.yaml")
    problems = problems_of([low, high])
    assert [(place_of(problem), names_in(problem)) for problem in problems] == [
        ("high.yaml:2:11", {"prompts.triaeg", "triage"}),
        ("high.yaml:2:29", {"prompts.x.content"}),
    ]
    assert problems == golden


def test_a_value_that_is_empty_by_accident_removes_nothing(folder: Folder, golden: SnapshotAssertion) -> None:
    low = folder.manifest("prompts: {a: {content: x}}", "low.yaml")
    high = folder.manifest("prompts:\n", "high.yaml")
    problems = problems_of([low, high])
    assert place_of(problems[0]) == "high.yaml:2:1"
    assert "prompts" in names_in(problems[0])
    assert problems == golden


TOPS = {
    "prompts: {}": ("1:1", {"version"}),
    "version: 2": ("1:10", {"version"}),
    "version: true": ("1:10", {"version", "true"}),
    "version: 1\npromts: {}": ("2:1", {"promts", "prompts"}),
    "version: 1\nzzz: 1": ("2:1", {"zzz", "version", "stack"}),
}


@pytest.mark.parametrize("text", TOPS)
def test_the_top_of_every_file_is_checked(folder: Folder, text: str, golden: SnapshotAssertion) -> None:
    (problem,) = problems_of([folder.write("m.yaml", text)])
    place, names = TOPS[text]
    assert place_of(problem) == f"m.yaml:{place}"
    assert names <= names_in(problem)
    assert problem == golden


def test_two_stacks_are_a_problem_within_and_between_layers(folder: Folder, golden: SnapshotAssertion) -> None:
    one = folder.manifest("stack: support", "one/a.yaml")
    folder.manifest("stack: suport", "one/b.yaml")
    (within,) = problems_of([Path("one")])
    other = folder.manifest("stack: sales", "other.yaml")
    (between,) = problems_of([one, other])
    assert (place_of(within), place_of(between)) == ("one/b.yaml:2:8", "other.yaml:2:8")
    assert names_in(within) == {"suport", "support"}
    assert names_in(between) == {"sales", "support"}
    assert "one/a.yaml:2:8" in within
    assert [within, between] == golden


def test_the_same_stack_by_the_same_tag_is_no_contradiction(folder: Folder) -> None:
    for name in ("l/a.yaml", "l/b.yaml"):
        folder.manifest("stack: !var s", name)
    assert load([Path("l")], variables={"s": "main"}).stack == "main"


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n", "{}\n"])
def test_a_file_that_says_nothing_is_refused_as_it_would_delete_everything(
    folder: Folder, text: str, golden: SnapshotAssertion
) -> None:
    empty = folder.write("l/empty.yaml", text)
    folder.manifest("prompts: {a: {content: x}}\nmodels: {gone: null}", "l/m.yaml")
    (problem,) = problems_of([empty])
    assert place_of(problem) == "l/empty.yaml:1:1"
    assert problem == golden
    assert problems_of([Path("l")]) == [problem], "what it might have said is not missed in other files"


def test_every_missing_layer_is_told(folder: Folder, golden: SnapshotAssertion) -> None:
    problems = problems_of([Path("a"), Path("b")])
    assert [names_in(problem) for problem in problems] == [{"a"}, {"b"}]
    assert problems == golden


def test_a_lost_file_makes_nothing_undefined(folder: Folder) -> None:
    folder.write("l/vars.yaml", "version: 1\nvars: {stage: [x\n")
    folder.manifest("prompts: {a: {content: !var stage}}", "l/m.yaml")
    problems = problems_of([Path("l")])
    assert len(problems) == 1
    assert problems[0].startswith("l/vars.yaml:2:")


def test_keys_that_begin_with_x_hold_anchors_and_nothing_else(folder: Folder) -> None:
    desired = folder.load("x-common: &common {content: Hello, tags: [a]}\nprompts:\n  p: {<<: *common, name: P}\n")
    assert dict(desired.entries["prompt/p"].values) == {"content": "Hello", "tags": ["a"], "name": "P"}
