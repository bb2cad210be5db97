"""Answers that a limit of tokens cut off, on every version: they are whole ones with a warning, not failures."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
import yaml

from owui_sync import OpenWebUIClient
from owui_sync.client.runs.definition import Models, Plan
from owui_sync.sandbox import Sandbox
from tests.support.project import Project
from tests.support.researched import killed_at, planned, researched
from tests.support.server import Server
from tests.support.stored import asked, chat_of
from tests.versions.test_client_tasks import drained
from tests.versions.test_jobs import run_jobs

CUT = "ends where a limit of tokens was reached, so that its end is missing"
LIMIT = 40
LONG = f"write {2 * LIMIT} words"


@pytest.fixture
def brief(client: OpenWebUIClient, unique: str) -> Iterator[str]:
    """A model that may answer no more than `LIMIT` tokens."""
    id = f"brief-{unique}"
    client.create_model(id, id, base_model_id="gpt-4.1", params={"max_tokens": LIMIT}, permission_type="public")
    yield id
    client.delete_model(id)


def report_of(provider: httpx.Client, words: int) -> None:
    value = " ".join(f"r{number}" for number in range(words))
    provider.post("/_script", json={"do": "answer", "value": value, "match": "Write the report"}).raise_for_status()


def test_the_result_of_a_chat_says_that_its_end_is_missing(client: OpenWebUIClient, brief: str, unique: str) -> None:
    made = client.chat(LONG, unique, brief)
    assert made is not None
    assert len(made["response"].split()) == LIMIT
    assert made["problems"] == [f"the answer {CUT}"]
    whole = client.chat("Hello", unique, brief)
    assert whole is not None
    assert "problems" not in whole


def test_a_stream_and_models_side_by_side_say_it_too(client: OpenWebUIClient, brief: str, unique: str) -> None:
    _, made = drained(client.stream_chat(LONG, unique, brief))
    assert made["problems"] == [f"the answer {CUT}"]
    beside = client.parallel_chat(LONG, unique, [brief, "stub-small"])
    assert beside is not None
    assert beside["problems"] == {brief: [f"the answer {CUT}"]}
    assert beside["responses"][brief]
    rounds = client.continuous_chat(LONG, 1, unique, brief)
    assert rounds is not None
    assert rounds["conversation_history"][0]["problems"] == [f"the answer {CUT}"]


def test_a_report_that_is_cut_off_is_written_anew_in_sections(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, brief: str, unique: str
) -> None:
    questions = [f"What is {unique}?", f"Who needs {unique}?"]
    report_of(provider, 2 * LIMIT)
    made = client.deep_research(unique, general_models=[brief], approve=lambda plan: questions)
    assert made is not None
    assert made["partial"] is None
    assert [line for line in made["final_report"].splitlines() if line.startswith("#")] == [
        f"# {unique}",
        *(f"## {question}" for question in questions),
    ]
    assert [len(asked(provider, f"Write the {what}")) for what in ("report", "section", "summary")] == [1, 2, 1]
    chat = chat_of(server, made["chat_id"])
    assert chat.text(chat.shown[-1]) == made["final_report"]


def test_a_report_that_was_cut_off_before_the_process_ended_is_written_in_sections_by_the_next(
    open_webui: Sandbox, provider: httpx.Client, brief: str, unique: str
) -> None:
    report_of(provider, 2 * LIMIT)
    models = Models(plan="gpt-4.1", answer=("gpt-4.1",), report=brief)
    plan = Plan(topic=unique, title=unique, models=models, steps=2)
    killed_at(open_webui, plan, "section 1", done=False)
    report = researched(open_webui, plan)
    assert report.partial is None
    assert report.text.count("\n## ") == 2
    assert [len(asked(provider, f"Write the {what}")) for what in ("report", "section", "summary")] == [1, 2, 1]


def test_a_report_that_cannot_be_shorter_says_that_its_end_is_missing(
    client: OpenWebUIClient, provider: httpx.Client, brief: str, unique: str
) -> None:
    report_of(provider, 2 * LIMIT)
    made = client.deep_research(unique, num_steps=1, general_models=[brief])
    assert made is not None
    assert made["partial"] == f"the report {CUT}"
    assert made["final_report"].endswith(f"*This report is partial: the report {CUT}.*")


def test_a_report_is_not_written_anew_once_the_budget_is_used_up(
    client: OpenWebUIClient, provider: httpx.Client, brief: str, unique: str
) -> None:
    report_of(provider, 2 * LIMIT)
    made = client.deep_research(unique, num_steps=2, general_models=[brief], budget={"tokens": 300}, concurrency=1)
    assert made is not None
    assert made["partial"] == f"the report {CUT}"
    assert not asked(provider, "Write the section")


def test_findings_whose_end_is_missing_are_named_in_the_report(
    client: OpenWebUIClient, provider: httpx.Client, brief: str, unique: str
) -> None:
    planned(provider, f"What is {unique}?\nwrite 99 words", f"Who needs {unique}?")
    models = ["stub-small", brief]
    made = client.deep_research(unique, num_steps=2, general_models=models, approve=lambda plan: plan[::-1])
    assert made is not None
    assert made["partial"] == f"the answer {CUT} (question 2)"


def test_a_task_is_not_done_before_its_model_can_say_so(
    client: OpenWebUIClient, provider: httpx.Client, brief: str, unique: str
) -> None:
    made = client.process_task(f"{LONG} {unique}", brief, None)
    assert made is not None
    assert len(asked(provider, unique)) == 1
    assert "longer than you may answer" in made["conversation_history"][2]["content"]
    assert (made["completed"], "problems" in made) == (True, False)


def test_a_final_answer_whose_end_is_missing_is_the_solution_with_a_warning(
    client: OpenWebUIClient, provider: httpx.Client, brief: str, unique: str
) -> None:
    made = client.process_task(f"say Final answer: {' '.join([unique] * 99)}", brief, None)
    assert made is not None
    assert made["completed"] is True
    assert made["problems"] == [f"the solution {CUT}"]


def test_a_job_says_it_in_its_notes(project: Project, unique: str) -> None:
    chat = {"model": "gpt-4.1", "prompt": f"{unique}\n{LONG}", "params": {"max_tokens": LIMIT}}
    project.write(yaml.safe_dump({"jobs": {"long": {"chat": chat}}}))
    job = run_jobs(project)["long"]
    assert (job["status"], job["notes"]) == ("done", [f"the answer {CUT}"])
