"""Research through both classes of the client library, on every version, checked through the server's own API."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest

from owui_sync import OpenWebUIClient
from owui_sync.client.chat.errors import AnswerFailed
from owui_sync.client.errors import Missing
from owui_sync.client.runs.definition import Budget, Plan
from owui_sync.client.runs.run import Event
from owui_sync.sandbox import Sandbox
from tests.support.clients import fails
from tests.support.researched import ONE, down, killed_at, researched, script, titles
from tests.support.server import Server
from tests.support.stored import asked, chat_of, chats_titled, make_knowledge


def test_a_research_is_one_ordered_chat_with_a_report_that_cites(
    client: OpenWebUIClient, server: Server, unique: str
) -> None:
    made = client.deep_research(unique, num_steps=3, search_models=["gpt-4.1"])
    assert made is not None
    assert (made["topic"], made["chat_title"], made["total_steps_completed"]) == (unique, f"Deep Dive: {unique}", 3)
    log = made["research_log"]
    assert log[0] == f"Step 1: Asked '{log[0]['question']}' (using stub-small) and received a detailed answer."
    assert [dict(one)["finding"] for one in log] == [one["finding"] for one in made["findings"]]
    assert [(one["step"], one["model_type"], one["model"]) for one in log] == [
        (1, "general", "stub-small"),
        (2, "search", "gpt-4.1"),
        (3, "general", "stub-small"),
    ]
    chat = chat_of(server, made["chat_id"])
    questions = [one["question"] for one in log]
    assert titles(chat) == [f"Research: {unique}", *questions, f"Write the report: {unique}"]
    assert [chat.text(message) for message in chat.shown[3:-2:2]] == [one["finding"] for one in log]
    report = chat.shown[-1]
    assert chat.text(report) == made["final_report"]
    assert re.findall(r"\[(\d)\]", made["final_report"]) == ["1", "2", "3"]
    assert [source["document"] for source in report["sources"]] == [[one["finding"]] for one in log]
    assert all(message["done"] for message in chat.answers)
    assert chat.shown[1]["statusHistory"][-1]["done"] is True


def test_a_second_research_of_the_same_title_is_another_chat(
    client: OpenWebUIClient, server: Server, unique: str
) -> None:
    made = [client.deep_research(unique, unique, num_steps=1) for _ in range(2)]
    assert len({one["chat_id"] for one in made if one}) == len(chats_titled(server, unique)) == 2


@pytest.mark.parametrize(
    "said", ['```json\n{"questions": ["What is one thing?", "What is another?",]}\n```', '["What is one thing?"]']
)
def test_json_that_is_nearly_right_is_understood(
    client: OpenWebUIClient, provider: httpx.Client, unique: str, said: str
) -> None:
    script(provider, unique, said)
    made = client.deep_research(unique, num_steps=2)
    assert made is not None
    assert made["research_log"][0]["question"] == "What is one thing?"
    assert len(made["research_log"]) == 2
    assert len(asked(provider, "Plan a research")) == 1


def test_broken_json_is_told_to_the_model_and_asked_again(
    client: OpenWebUIClient, provider: httpx.Client, unique: str
) -> None:
    script(provider, "Plan a research", '{"questions": [')
    script(provider, "That cannot be used", '{"questions": [{"question": "What now?"}]}')
    made = client.deep_research(unique, num_steps=1)
    assert made is not None
    assert [one["question"] for one in made["research_log"]] == ["What now?"]
    [second] = asked(provider, "That cannot be used: it is not valid JSON")
    assert [message["role"] for message in second["messages"]] == ["user", "assistant", "user"]


def test_a_report_that_cites_nothing_is_told(client: OpenWebUIClient, provider: httpx.Client, unique: str) -> None:
    script(provider, "Write the report", "It is so.")
    made = client.deep_research(unique, num_steps=1)
    assert made is not None
    assert (made["final_report"], made["partial"]) == ("It is so.", None)
    assert made["problems"] == ["the report cites none of its sources"]


def test_a_model_that_never_answers_json_is_taken_at_its_word(
    client: OpenWebUIClient, provider: httpx.Client, unique: str
) -> None:
    words = "Sure, I can do that!\n1. What is the first thing?\n- **Why is it so?**"
    script(provider, "Plan a research", words)
    script(provider, "That cannot be used", words, words)
    made = client.deep_research(unique, num_steps=5)
    assert made is not None
    questions = [one["question"] for one in made["research_log"]]
    assert "What is the first thing?" in questions
    assert len(set(questions)) == 5


def test_citations_and_addresses_that_nothing_backs_are_taken_out(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, unique: str
) -> None:
    said = "Known [1]. Made up [7]. See [a page](https://made.up/x) and https://made.up/y."
    script(provider, "Write the report", said)
    made = client.deep_research(unique, num_steps=1)
    assert made is not None
    assert "[1]" in made["final_report"]
    assert "[7]" not in made["final_report"]
    assert "made.up" not in made["final_report"]
    assert set(made["removed_citations"]) == {"[7]", "https://made.up/x", "https://made.up/y"}
    chat = chat_of(server, made["chat_id"])
    assert chat.text(chat.shown[-1]) == made["final_report"]


def test_a_question_that_fails_is_left_out_and_said(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, unique: str
) -> None:
    down(provider, f"How is {unique} used?")
    made = client.deep_research(unique, num_steps=3)
    assert made is not None
    assert made["total_steps_completed"] == 2
    assert made["partial"] == "question 2 was not answered: scripted to answer 500"
    assert made["partial"] in made["final_report"]
    failed = made["research_log"][1]
    assert (failed["finding"], failed["error"]) == (None, "scripted to answer 500")
    assert failed.endswith("received no answer: scripted to answer 500")
    assert "error" in chat_of(server, made["chat_id"]).messages[failed["message_id"]]


def test_a_question_is_asked_again_before_it_is_given_up(
    client: OpenWebUIClient, provider: httpx.Client, unique: str
) -> None:
    script(provider, f"How is {unique} used?", "500", do="status")
    made = client.deep_research(unique, num_steps=3)
    assert made is not None
    assert made["total_steps_completed"] == 3
    assert len(asked(provider, f"How is {unique} used?")) == 2


def test_a_planner_that_fails_fails_the_research_and_a_model_that_is_not_there_asks_nothing(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, caplog: pytest.LogCaptureFixture, unique: str
) -> None:
    down(provider, "Plan a research", runs=2)
    fails(client, caplog, AnswerFailed, None, "deep_research", unique, num_steps=1)
    provider.post("/_reset")
    fails(client, caplog, Missing, None, "deep_research", unique, f"{unique} no", general_models=["nobody"])
    assert asked(provider, "") == []
    assert chats_titled(server, f"{unique} no") == []


def test_knowledge_is_answered_from_and_cited_by_the_report(
    open_webui: Sandbox, server: Server, unique: str, tmp_path: Path
) -> None:
    path = tmp_path / "tea.txt"
    path.write_text("Green tea is brewed at eighty degrees.")
    make_knowledge(server, unique, path)
    report = researched(open_webui, Plan(topic="green tea", title=unique, models=ONE, steps=2, knowledge=(unique,)))
    assert [source.name for source in report.sources] == ["tea.txt"]
    assert "Green tea is brewed at eighty degrees. [1]" in report.text
    stored = chat_of(server, report.chat_id).shown[-1]
    assert stored["sources"][0]["document"] == ["Green tea is brewed at eighty degrees."]


@pytest.mark.parametrize("budget", [Budget(tokens=1), Budget(seconds=0.001), Budget(sources=1)], ids=str)
def test_a_budget_ends_in_a_partial_report_that_says_so(
    open_webui: Sandbox, server: Server, unique: str, budget: Budget
) -> None:
    plan = Plan(topic=unique, title=unique, models=ONE, steps=4, budget=budget)
    report = researched(open_webui, plan)
    assert report.partial is not None
    assert report.partial in report.text
    assert "ended it after 1 of 4 questions" in report.partial
    chat = chat_of(server, report.chat_id)
    assert chat.text(chat.shown[-1]) == report.text


def test_what_is_still_missing_is_asked_in_a_bounded_number_of_rounds(
    open_webui: Sandbox, provider: httpx.Client, unique: str
) -> None:
    more = json.dumps({"questions": [{"question": "What else is there?"}]})
    script(provider, "Below are the findings", more)
    report = researched(open_webui, Plan(topic=unique, title=unique, models=ONE, steps=1, gap_rounds=2))
    assert [finding.question for finding in report.findings] == [f"What is {unique}?", "What else is there?"]
    assert len(asked(provider, "Below are the findings")) == 2


def test_where_nobody_searches_no_question_is_for_one_who_does(
    open_webui: Sandbox, server: Server, provider: httpx.Client, unique: str
) -> None:
    planned = json.dumps({"questions": [{"question": "What is it?", "kind": "search"}]})
    script(provider, "Plan a research", planned)
    report = researched(open_webui, Plan(topic=unique, title=unique, models=ONE, steps=1))
    assert [finding.kind for finding in report.findings] == ["general"]
    assert "search" not in chat_of(server, report.chat_id).text(chat_of(server, report.chat_id).shown[1])


@pytest.mark.parametrize("step", ["plan", "question 1", "question 2", "report"])
@pytest.mark.parametrize("done", [False, True])
def test_an_interrupted_research_goes_on_where_it_was(
    open_webui: Sandbox, server: Server, provider: httpx.Client, unique: str, step: str, done: bool
) -> None:
    plan = Plan(topic=unique, title=unique, models=ONE, steps=2)
    killed_at(open_webui, plan, step, done)
    before = chats_titled(server, unique)
    report = researched(open_webui, plan)
    assert [row["id"] for row in chats_titled(server, unique)] == [row["id"] for row in before] == [report.chat_id]
    chat = chat_of(server, report.chat_id)
    questions = [f"What is {unique}?", f"How is {unique} used?"]
    assert titles(chat) == [f"Research: {unique}", *questions, f"Write the report: {unique}"]
    assert len(chat.messages) == 8
    for question in (*questions, f"Write the report: {unique}", "Plan a research"):
        assert len(asked(provider, question)) == 1, question


@pytest.mark.parametrize("fault", ["503", "429", "500"])
def test_a_provider_that_is_busy_for_a_moment_costs_no_step(
    client: OpenWebUIClient, provider: httpx.Client, unique: str, fault: str
) -> None:
    for match in ("Plan a research", f"What is {unique}?", "Below is a finding", "Below are the findings", "Write the"):
        script(provider, match, fault, do="status")
    made = client.deep_research(unique, num_steps=1, depth=2, breadth=1, gap_rounds=1)
    assert made is not None
    assert (made["partial"], made["total_steps_completed"]) == (None, 2)


def test_tokens_of_an_earlier_process_count_whatever_they_were_for(
    open_webui: Sandbox, provider: httpx.Client, unique: str
) -> None:
    whole = researched(open_webui, Plan(topic=unique, title=f"{unique} at once", models=ONE, steps=2))
    plan = Plan(topic=unique, title=unique, models=ONE, steps=2)
    killed_at(open_webui, plan, "question 2", False)
    assert researched(open_webui, plan).tokens == whole.tokens


def test_a_research_whose_report_failed_goes_on_with_the_report_when_it_is_called_again(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, unique: str
) -> None:
    down(provider, "Write the report")
    assert client.deep_research(unique, num_steps=2) is None
    [row] = chats_titled(server, f"Deep Dive: {unique}")
    made = client.deep_research(unique, num_steps=2)
    assert made is not None
    assert (made["chat_id"], made["total_steps_completed"], made["partial"]) == (row["id"], 2, None)
    for question in ("Plan a research", f"What is {unique}?", f"How is {unique} used?"):
        assert len(asked(provider, question)) == 1, question
    chat = chat_of(server, row["id"])
    assert titles(chat)[-1] == f"Write the report: {unique}"
    assert chat.text(chat.shown[-1]) == made["final_report"]


def test_steps_are_told_as_they_come(open_webui: Sandbox, unique: str) -> None:
    events: list[Event] = []
    report = researched(open_webui, Plan(topic=unique, title=unique, models=ONE, steps=1), events.append)
    assert [(event.step, event.done) for event in events] == [
        (step, done) for step in ("plan", "question 1", "report") for done in (False, True)
    ]
    assert 0 < events[3].tokens < events[-1].tokens == report.tokens
