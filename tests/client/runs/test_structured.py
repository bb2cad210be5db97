from __future__ import annotations

import pytest

from owui_sync.client.runs.structured import lines_of


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("# Plan\n\n1. What is it?\n- **Why is it so?**\n{\nok", ["What is it?", "Why is it so?"]),
        ("Sure, here are three questions:\n1. What is tea?\n2. Who drinks it?", ["What is tea?", "Who drinks it?"]),
        ('{"questions": [{"question": "What is \\"tea\\"?", "kind"', ['What is "tea"?']),
        ('  "question": "How does it work",\n  "question": "Who says so"', ["How does it work", "Who says so"]),
        ("- History of tea\n- Tea and health today\n- ok", ["History of tea", "Tea and health today"]),
        ("1. 绿茶是什么？\n2. 谁喝它？", ["绿茶是什么？", "谁喝它？"]),
        ("questions:\n  - question: What is it?\n    kind: general", ["What is it?"]),
        ("Q1: What is it?\nQ2: Why so?", ["What is it?", "Why so?"]),
        (
            "<questions><question>What is it?</question><question>Why so?</question></questions>",
            ["What is it?", "Why so?"],
        ),
        ("", []),
    ],
)
def test_questions_are_found_in_what_should_have_been_json(text: str, lines: list[str]) -> None:
    assert lines_of(text) == lines
