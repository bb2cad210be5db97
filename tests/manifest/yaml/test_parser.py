"""From YAML to values: what is kept, what is refused, and where."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion
from yaml._yaml import CParser

from owui_sync.manifest.yaml import parser
from owui_sync.manifest.yaml.nodes import INVALID, LocatedMap, Tagged
from tests.support.folder import parsed
from tests.support.words import place_of

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(st.characters(codec="ascii")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="ascii")), inner),
    max_leaves=6,
)

_TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029\ufeff\ufffe\uffff") | st.just("\n")
)


def _one(text: str) -> Any:
    value, problems = parsed(text)
    assert problems == []
    assert value is not None
    return value


@given(st.dictionaries(st.text(st.characters(codec="ascii")), _JSON, min_size=1))
def test_json_is_read_as_json(value: dict[str, Any]) -> None:
    assert _one(json.dumps(value)) == value


@given(_TEXT)
def test_a_text_survives_a_block_scalar_byte_for_byte(text: str) -> None:
    block = "".join(f"    {line}\n" for line in f"|{text}|".split("\n"))
    assert _one(f"a: |4-\n{block}")["a"] == f"|{text}|"


@given(_TEXT)
def test_a_text_survives_double_quotes(text: str) -> None:
    assert _one(f"a: {json.dumps(text, ensure_ascii=False)}")["a"] == text


def test_a_large_prompt_survives_a_block_scalar() -> None:
    text = ("{{USER}} ${not_a_variable} 😀 %s\t\\n   \n\n  indented   \n" * 2500) + "end"
    assert len(text) > 100_000
    block = "".join(f"  {line}\n" for line in text.split("\n"))
    assert _one(f"a: |2-\n{block}")["a"] == text


def test_carriage_returns_survive_as_escapes_and_are_line_breaks_otherwise() -> None:
    assert _one('a: "x\\r\\ny"')["a"] == "x\r\ny"
    assert _one("a: |\r\n  x\r\n  y\r\n")["a"] == "x\ny\n"


def test_keys_values_and_items_know_their_places() -> None:
    value = _one("a:\n  - x\n  - {b: 1}\n")
    assert str(value.keys_at["a"]) == "m.yaml:1:1"
    assert str(value["a"].items_at[1]) == "m.yaml:3:5"
    assert str(value["a"][1].values_at["b"]) == "m.yaml:3:9"


def test_columns_count_characters_not_bytes() -> None:
    value = _one("{é😀: 1, b: 2}")
    assert str(value.keys_at["b"]) == "m.yaml:1:9"


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "\ufeff"])
def test_an_empty_file_is_an_empty_mapping_at_its_beginning(text: str) -> None:
    value, problems = parsed(text)
    assert (value, problems) == ({}, [])
    assert value is not None
    assert str(value.at) == "m.yaml:1:1"


def test_a_byte_order_mark_is_skipped() -> None:
    assert str(_one("\ufeffa: 1").keys_at["a"]) == "m.yaml:1:1"


def test_tags_are_kept_for_later_with_their_place() -> None:
    value = _one("a: !file x.md\nb: !env {name: N, default: 1}")
    assert isinstance(value["a"], Tagged)
    assert (value["a"].tag, value["a"].argument, str(value["a"].at)) == ("file", "x.md", "m.yaml:1:4")
    assert value["b"].argument == {"name": "N", "default": 1}


def test_an_explicit_text_tag_makes_a_text() -> None:
    assert _one("a: !!str 5\nb: !!seq [1]") == {"a": "5", "b": [1]}


def test_aliases_and_merge_keys_repeat_values_and_own_keys_win() -> None:
    value = _one("base: &b {x: 1, y: 2}\none: {<<: *b, y: 3}\ntwo: {<<: [{z: 1}, *b]}\nsame: *b")
    assert value == {
        "base": {"x": 1, "y": 2},
        "one": {"x": 1, "y": 3},
        "two": {"x": 1, "y": 2, "z": 1},
        "same": {"x": 1, "y": 2},
    }


def test_an_alias_bomb_is_defused(golden: SnapshotAssertion) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    _, problems = parsed("\n".join(lines))
    assert "100,000" in problems[0]
    assert problems == golden


REFUSED = {
    "a: 1\nb: 2\na: 3": ("3:1", "`a`", "m.yaml:1:1"),
    "404: x": ("1:1", "`404`", '"404"'),
    "true: x": ("1:1", "`true`"),
    "? [a]\n: x": ("1:3", "key"),
    "!var x: 1": ("1:1", "tag"),
    "a: .nan": ("1:4", "`.nan`"),
    "a:\nb: 1": ("1:1", "`a`"),
    "a: [1, ]\nb: [x, '', ~]\nc:\n  -\n": ("4:4", "item"),
    "a: !fiel x": ("1:4", "`!fiel`", "`!file`"),
    "a: !!binary x": ("1:4", "`!!binary`"),
    "a: !!python/object:os.system {}": ("1:4", "`!!python/object:os.system`"),
    "a: !file": ("1:4", "`!file`"),
    "<<: 1": ("1:5", "`<<`"),
    "- a": ("1:1", "mapping"),
    "just text": ("1:1", "mapping"),
    "a: x\u2028y": ("1:5", "U+2028"),
    "a: &a [1, *a]": ("1:4", "itself"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_a_manifest_may_not_hold_is_refused_with_its_place(text: str, golden: SnapshotAssertion) -> None:
    _, (problem,) = parsed(text)
    place, *told = REFUSED[text]
    assert place_of(problem) == f"m.yaml:{place}"
    assert [part for part in told if part not in problem] == []
    assert problem == golden


def test_a_refused_value_is_broken_and_the_rest_is_read() -> None:
    value, problems = parsed("a: .nan\nb: 1\nc: !nope x")
    assert value == {"a": INVALID, "b": 1, "c": INVALID}
    assert len(problems) == 2


@pytest.mark.parametrize("depth", [101, 5000])
@pytest.mark.parametrize("pair", ["[]", "{}"])
def test_deep_nesting_is_a_problem_not_a_crash(depth: int, pair: str) -> None:
    opening = "{a: " if pair == "{}" else "["
    _, problems = parsed(f"a: {opening * depth}{pair[1] * depth}")
    assert len(problems) == 1
    assert re.match(r"m\.yaml:1:\d+: nested .*100", problems[0])


@pytest.mark.parametrize("depth", [101, 500, 5000])
def test_the_place_of_deep_nesting_is_the_first_level_that_is_too_many(depth: int, golden: SnapshotAssertion) -> None:
    text = "\n".join(" " * level + "a:" for level in range(depth + 1)) + " x"
    _, (problem,) = parsed(text)
    assert place_of(problem) == "m.yaml:102:102"
    assert problem == golden


@given(st.text(st.sampled_from("ab:-[]{}&*!|>'\"#%@` \n\t,?~.1\u0085\x07é")))
def test_no_text_makes_the_parser_crash(text: str) -> None:
    value, problems = parsed(text)
    assert value is None or isinstance(value, LocatedMap)
    assert all(problem.startswith("m.yaml:") for problem in problems)


def test_the_parser_in_c_is_used() -> None:
    assert issubclass(parser._Composer, CParser)
