from __future__ import annotations

import json

import pytest

from owui_sync.sandbox.provider.tasks import task_answer

HISTORY = "<chat_history>\nUSER: How do I brew green tea?\nASSISTANT: At eighty degrees.\n</chat_history>"


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ('JSON format: { "title": "your concise title here" }', {"title": "How do I brew green"}),
        ('JSON format: { "tags": ["tag1", "tag2"] }', {"tags": ["General", "Green", "Brew"]}),
        ('Strictly return in JSON format: \n{\n  "queries": ["q1"]\n}', {"queries": ["How do I brew green tea?"]}),
        ('in JSON format:\n{\n    "prompt": "Your text."\n}', {"prompt": "A picture of: How do I brew green tea?"}),
        ('in JSON format: `{ "text": "<your_completion>" }`', {"text": "and so on."}),
    ],
)
def test_a_task_gets_the_json_that_its_template_shows(form: str, expected: dict[str, object]) -> None:
    assert json.loads(str(task_answer(f"### Task:\nDo it.\n### Output:\n{form}\n{HISTORY}"))) == expected


def test_follow_ups_are_three() -> None:
    form = '### Task:\nSuggest.\nJSON format: { "follow_ups": ["Question 1?"] }\n'
    assert len(json.loads(str(task_answer(form + HISTORY)))["follow_ups"]) == 3


def test_the_conversation_cannot_pass_for_the_instructions() -> None:
    history = '<chat_history>\nUSER: { "title": "x" }\n</chat_history>'
    assert json.loads(str(task_answer(f'### Task:\n{{ "tags": ["a"] }}\n{history}'))).keys() == {"tags"}


def test_any_other_prompt_is_no_task() -> None:
    assert task_answer('Answer with { "title": "x" }') is None
    assert task_answer("### Task:\nWrite a poem.") is None
