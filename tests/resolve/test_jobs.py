from __future__ import annotations

from owui_sync.resolve.jobs import named_by_job, needed, read_by_job, wanted_by_jobs
from tests.support.jobs import chat_job, job

FULL = job(
    "j",
    spec={"models": ["m"], "prompts": ["x"], "knowledge": ["K"], "notes": ["N"], "tools": ["t", "server:1"]},
    folder="F",
    output={"knowledge": "O", "note": "Report"},
    expect={"sources": ["S"], "judge": {"model": "judge", "criterion": "c"}},
)


def test_all_that_a_job_names_is_found_and_only_what_it_reads_answers_it() -> None:
    named = {use.address for use in named_by_job(FULL)}
    assert named == {
        *("model/m", "knowledge/K", "note/N", "tool/t", "folder/F"),
        *("knowledge/O", "knowledge/S", "model/judge"),
    }
    assert {use.address for use in read_by_job(FULL)} == {"model/m", "knowledge/K", "note/N", "tool/t"}


def test_what_is_named_is_read_from_the_server() -> None:
    assert wanted_by_jobs([FULL]) == {"askable", "knowledge", "note", "tool", "folder"}
    assert wanted_by_jobs([FULL], {"model"}) == {"model", "provider", "knowledge", "note", "tool", "folder"}
    assert wanted_by_jobs([]) == frozenset()


def test_roles_of_a_research_are_models() -> None:
    research = job("r", type="research", spec={"topic": "x", "models": {"answer": "a", "plan": "b"}})
    assert [(use.path, use.key) for use in named_by_job(research)] == [
        ("research.models.answer", "a"),
        ("research.models.plan", "b"),
    ]


def test_needs_are_followed_in_the_order_of_the_manifests() -> None:
    jobs = {each.name: each for each in (job("c", needs=("b",)), job("b", needs=("a",)), chat_job("a"), chat_job("x"))}
    assert list(needed(["c"], jobs)) == ["c", "b", "a"]
