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


def test_nothing_is_missing_and_other_prompts_are_not_for_it() -> None:
    assert asked("Below are the findings of a research so far.") == '{"questions": []}'
    assert asked("Hello") is None
