from __future__ import annotations

from typing import Any

import pytest

from owui_sync.client.runs.structured import json_in, lines_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        ('Sure!\n```json\n{"a": [1, 2]}\n```\nDone.', {"a": [1, 2]}),
        ('["a", "b",]', ["a", "b"]),
        ('{"a": {"b": 1,},}', {"a": {"b": 1}}),
    ],
)
def test_json_is_found_in_what_models_write_around_it(text: str, value: Any) -> None:
    assert json_in(text) == value


@pytest.mark.parametrize(("text", "words"), [("no", "no JSON"), ('{"a": ', "not valid"), ('{"a"}', "not valid")])
def test_what_is_wrong_is_said(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        json_in(text)


def test_lines_are_items_without_their_marks() -> None:
    text = '# Plan\n\n1. What is the first thing?\n- **Why is it so?**\n  "question": "How does it work?",\n{\nok'
    assert lines_of(text) == ["What is the first thing?", "Why is it so?", "How does it work?"]
