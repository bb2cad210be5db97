from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from owui_sync.export.dump import dump
from owui_sync.export.tag import Tag
from owui_sync.manifest.yaml.nodes import Tagged
from tests.support.folder import parsed

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    ["yes", "NO", "on", "1e3", "0x1F", "0o7", "1:30", "2020-01-01", "~", "null", "", " ", "<<", "=", "- a", "a: b", "#"]
)
VALUES = st.recursive(
    TEXTS | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_whatever_is_written_is_read_again(value: dict[str, Any]) -> None:
    read, problems = parsed(dump({"version": 1, "x": value}))
    assert problems == []
    assert read == {"version": 1, "x": value}
    assert typed(read["x"]) == typed(value)


def typed(value: Any) -> Any:
    """`value` with the types of its leaves: `1`, `1.0` and `True` are equal."""
    if isinstance(value, dict):
        return {key: typed(item) for key, item in value.items()}
    return [typed(item) for item in value] if isinstance(value, list) else (type(value), value)


@given(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4))
def test_a_block_can_be_indented_line_by_line(value: dict[str, Any]) -> None:
    block = "".join(f"    {line}\n" for line in dump(value).split("\n")[:-1])
    read, problems = parsed(f"x:\n{block}")
    assert problems == []
    assert read == {"x": value}


@pytest.mark.parametrize("text", ["yes", "1e3", "0o7", "1:30", "2020-01-01", "null", "", "1_000", "0b1"])
def test_a_text_that_another_reader_takes_for_something_else_is_quoted(text: str) -> None:
    assert dump({"a": text}) == f'a: "{text}"\n'


@pytest.mark.parametrize("text", ["Support", "two words", "gpt-4.1", "é 🙂", "a/b.c", "R&D"])
def test_an_ordinary_text_stands_without_quotes(text: str) -> None:
    assert dump({"a": text}) == f"a: {text}\n"


def test_lists_are_indented_and_values_that_occur_twice_are_written_twice() -> None:
    both = ["x"]
    assert dump({"b": both, "a": both}) == "b:\n  - x\na:\n  - x\n"


def test_a_file_is_a_tag_without_quotes() -> None:
    text = dump({"a": Tag("file", "prompts/a.md"), "b": [Tag("image", "models/é.png")]})
    assert text == "a: !file prompts/a.md\nb:\n  - !image models/é.png\n"
    read, _ = parsed(text)
    assert read is not None
    assert isinstance(read["a"], Tagged)
    assert (read["a"].tag, read["a"].argument) == ("file", "prompts/a.md")
