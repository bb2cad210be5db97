from __future__ import annotations

from typing import Any

import pytest

from owui_sync.client.runs.definition import Budget, Models
from owui_sync.jobs.spec import ArchiveSpec, ChatSpec, ResearchSpec, TaskSpec, spec_of
from owui_sync.manifest.schema.jobs import JOB
from tests.support.jobs import chat_job, job

ONE = Models(plan="m", answer=("m",), report="m")


@pytest.mark.parametrize(
    ("kind", "written", "spec"),
    [
        ("chat", {"models": ["m"], "prompts": ["x"]}, ChatSpec(models=("m",), prompts=("x",))),
        ("research", {"topic": "x", "model": "m"}, ResearchSpec(topic="x", models=ONE)),
        ("task", {"goal": "x", "model": "m", "tools": ["t"]}, TaskSpec(goal="x", model="m", tools=("t",))),
        ("archive", {"older_than_days": 3}, ArchiveSpec(older_than_days=3)),
    ],
)
def test_what_is_not_written_is_at_its_default(kind: str, written: dict[str, Any], spec: object) -> None:
    assert spec_of(job("j", type=kind, spec=written)) == spec


@pytest.mark.parametrize(("kind", "type_"), [("chat", ChatSpec), ("research", ResearchSpec), ("task", TaskSpec)])
def test_the_defaults_are_those_that_the_schema_tells(kind: str, type_: type) -> None:
    fields = {name: field.default for name, field in type_.__dataclass_fields__.items()}  # type: ignore[attr-defined]
    told = {name: part["default"] for name, part in JOB["properties"][kind]["properties"].items() if "default" in part}
    assert told
    assert {name: fields[name] for name in told} == told


def test_questions_are_those_that_are_written_and_those_that_follow() -> None:
    spec = spec_of(chat_job("j", prompts=["a", "b"], follow_ups=3))
    assert isinstance(spec, ChatSpec)
    assert spec.questions == 5


def test_questions_of_a_research_are_those_of_all_levels_and_rounds() -> None:
    deep = {"steps": 3, "depth": 3, "breadth": 2, "gap_rounds": 2}
    own = {"questions": ["a", "b"], "gap_rounds": 1}
    for written, most in (({}, 3), ({"steps": 2, "gap_rounds": 1}, 4), (deep, 3 * (1 + 2 + 4) + 2 * 3), (own, 5)):
        spec = spec_of(job("j", type="research", spec={"topic": "x", "model": "m", **written}))
        assert isinstance(spec, ResearchSpec)
        assert spec.max_questions == most


@pytest.mark.parametrize(
    ("written", "models"),
    [
        ({"models": {"answer": "a"}}, Models(plan="a", answer=("a",), report="a")),
        ({"model": "m", "models": {"report": "r"}}, Models(plan="m", answer=("m",), report="r")),
        ({"model": "m", "models": {"answer": "a"}}, Models(plan="m", answer=("a",), report="m")),
        ({"model": "m", "models": {"search": "s"}}, Models(plan="m", answer=("m",), search=("s",), report="m")),
        ({"model": "m", "web_search": True}, Models(plan="m", answer=("m",), search=("m",), report="m")),
    ],
)
def test_what_is_not_named_in_a_research_the_answering_model_does(written: dict[str, Any], models: Models) -> None:
    spec = spec_of(job("j", type="research", spec={"topic": "x", "budget": {"tokens": 5}, **written}))
    assert isinstance(spec, ResearchSpec)
    assert (spec.models, spec.budget) == (models, Budget(tokens=5))
