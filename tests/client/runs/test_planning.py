from __future__ import annotations

import asyncio
import json
from typing import Any, cast

import pytest

from owui_sync.client.runs.definition import Models, Plan, Question
from owui_sync.client.runs.planning import _questions, _questions_or_none, plan_questions
from owui_sync.client.runs.run import Run


@pytest.mark.parametrize(
    "value",
    [
        {"questions": [{"question": "a?", "kind": "general"}, {"question": "b?", "kind": "search"}]},
        {"plan": ["a?", {"text": "b?", "type": "Search-Capable"}]},
        [{"q": " a? "}, {"next_question": "b?", "chosen_model_type": "Search-Capable"}, {"other": 1}, ""],
        [{"question": "...", "kind": "general"}, "a?", "b?", {"question": "b", "kind": "search"}, "?"],
        ["a?", {"question": "A?"}, {"question": "b?", "kind": "web search"}],
        {"plan": {"topic": "t", "steps": {"questions": ["a?", {"question": "b?", "kind": "search"}]}}},
        [{"question": "a?"}, {"question": "b?", "kind": "search"}, {"questions": ["A?"]}],
        [{"questions": ["a?"]}, {"questions": [{"question": "b?", "kind": "search"}]}],
        {"steps": [{"step": 1, "questions": ["a?"]}, {"step": 2, "questions": [{"question": "b?", "kind": "search"}]}]},
        {"fragen": [{"frage": "a?", "art": "allgemein"}, {"frage": "b?", "type": "search"}]},
        {"notes": ["c"], "questions": ["a?", {"question": "b?", "kind": "search"}]},
    ],
    ids=json.dumps,
)
def test_questions_are_understood_as_models_write_them(value: Any) -> None:
    found = _questions(value)
    assert [question.text.lower() for question in found] == ["a?", "b?"]
    assert found[1].kind == "search"


def test_one_question_alone_is_a_list_of_one() -> None:
    assert _questions({"next_question": "a?", "chosen_model_type": "General"}) == [Question("a?")]


def test_questions_by_number_are_a_list() -> None:
    assert _questions({"questions": {"1": "a?", "2": "b?"}}) == [Question("a?"), Question("b?")]


@pytest.mark.parametrize("value", [1, {"questions": []}, [], [1], {"error": "no"}, {"questions": 3}])
def test_a_plan_without_questions_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="questions"):
        _questions(value)


def test_no_question_may_be_missing() -> None:
    assert _questions_or_none({"questions": []}) == []


def test_a_list_of_something_else_does_not_say_that_none_is_missing() -> None:
    with pytest.raises(ValueError, match="no questions"):
        _questions_or_none([1])


@pytest.mark.parametrize(("search", "kind"), [((), "general"), (("s",), "search")])
def test_written_questions_are_taken_as_they_are_and_no_model_is_asked(search: tuple[str, ...], kind: str) -> None:
    models = Models(plan="m", answer=("m",), search=search, report="m")
    plan = Plan(topic="t", title="t", models=models, steps=1, questions=("B?", "A?", "b"))
    found = asyncio.run(plan_questions(cast(Run, None), plan))
    assert found == [Question("B?", kind), Question("A?", kind)]
