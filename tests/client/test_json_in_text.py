from __future__ import annotations

from typing import Any

import pytest

from owui_sync.client.json_in_text import json_values, object_in


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('{"a": 1}', [{"a": 1}]),
        ('Sure!\n```json\n{"a": [1, 2]}\n```\nDone.', [{"a": [1, 2]}]),
        ('["a", "b",]', [["a", "b"]]),
        ('{"a": {"b": 1,},}', [{"a": {"b": 1}}]),
        ('{"a": 1}\n{"b": 2}', [{"a": 1}, {"b": 2}]),
        ('Based on [the topic] and {its parts}: {"a": 1}', [{"a": 1}]),
        ('See [1]. {"a": "with } and ] and , }"}', [[1], {"a": "with } and ] and , }"}]),
        ("{'a': ['it', \"it's\"], 'b': None}", [{"a": ["it", "it's"], "b": None}]),
        ('{\n  // the first\n  "a": "http://x/*y*/" /* so */\n}', [{"a": "http://x/*y*/"}]),
        ('{"a": "she said \\"{\\""}', [{"a": 'she said "{"'}]),
        ('A smile :-[ and {"a": 1}', [{"a": 1}]),
    ],
)
def test_json_is_found_in_what_models_write_around_it(text: str, values: list[Any]) -> None:
    assert list(json_values(text)) == values


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no", "no JSON"),
        ("", "no JSON"),
        ('{"a": ', "its end is missing"),
        ('{"a": [{"b": 1}, {"b": 2}, {"b"', "its end is missing"),
        ('{"a"}', "not valid"),
        ('{"a": 1 "b": 2}', "not valid"),
    ],
)
def test_what_is_wrong_is_said(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        list(json_values(text))


def test_an_object_is_found_after_a_list_and_none_where_there_is_none() -> None:
    assert object_in('[1] {"met": true}') == {"met": True}
    assert object_in("I cannot say.") == {}
    assert object_in('{"met": tr') == {}


@pytest.mark.parametrize("sign", ["[1, ", "![", "{a "])
def test_a_model_that_repeats_itself_holds_nothing_up(sign: str) -> None:
    with pytest.raises(ValueError, match="no JSON"):
        list(json_values(sign * 20_000))
