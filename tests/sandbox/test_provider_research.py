from __future__ import annotations

import json

from owui_sync.sandbox.provider.research import research_answer


def asked(prompt: str, system: str = "") -> str | None:
    return research_answer([{"role": "system", "content": system}, {"role": "user", "content": prompt}])


def test_a_plan_is_as_many_questions_as_are_wanted() -> None:
    said = asked("Plan a research on the topic below: 3 questions that cover it.\n\nTopic: tea\n\nAnswer with JSON")
    assert said is not None
    assert json.loads(said)["questions"][:2] == [
        {"question": "What is tea?", "kind": "general"},
        {"question": "How is tea used?", "kind": "search"},
    ]
    assert len(json.loads(said)["questions"]) == 3


def test_a_report_cites_each_numbered_source() -> None:
    said = asked(
        "Write the report: tea", "Sources:\n\n[1] a.txt\nTea is hot.\n\n[2] b.txt (https://b.test)\nIt is green."
    )
    assert said == "# tea\n\n- Tea is hot. [1]\n- It is green. [2]"


def test_questions_below_another_are_as_many_as_are_wanted() -> None:
    said = asked("Below is a finding of a research. Name at\nmost 1, none if\n\nTopic: tea\n\nQuestion: What is tea?\n")
    assert said is not None
    assert json.loads(said) == {"questions": [{"question": "What is behind it: What is tea?", "kind": "general"}]}


def test_what_is_to_be_condensed_is_cut_off() -> None:
    prompt = "Condense the finding below to at most 3 words. Keep all.\n\nQuestion: What?\n\nFinding:\na b\nc d"
    assert asked(prompt) == "a b c"


def test_nothing_is_missing_and_other_prompts_are_not_for_it() -> None:
    assert asked("Below are the findings of a research so far.") == '{"questions": []}'
    assert asked("Hello") is None
