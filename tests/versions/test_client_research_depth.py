"""Research that goes deep, is written in sections, is sent in short and waits for approval, on every version."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from owui_sync import OpenWebUIClient, PlanRefused
from owui_sync.client.capabilities import Feature
from owui_sync.client.runs.definition import Models, Plan
from owui_sync.client.runs.digest import LONGEST
from owui_sync.client.versions import Version
from owui_sync.sandbox import Sandbox
from tests.support.clients import client_of, fails
from tests.support.researched import ONE, down, killed_at, planned, researched, script, titles
from tests.support.server import Server
from tests.support.stored import asked, chat_of, chats_titled


def sent(body: dict[str, Any]) -> int:
    """How many characters a model got."""
    return sum(len(str(message["content"])) for message in body["messages"])


def test_questions_are_asked_below_others_to_the_depth_and_breadth_that_is_stated(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, unique: str
) -> None:
    first, second = f"What is {unique}?", f"Why {unique}?"
    planned(provider, first, second)
    made = client.deep_research(unique, num_steps=2, depth=2, breadth=2)
    assert made is not None
    below = [
        words.format(one) for one in (first, second) for words in ("What is behind it: {}", "What follows from it: {}")
    ]
    assert [one["question"] for one in made["findings"]] == [first, second, *below]
    assert [one["parent"] for one in made["findings"]] == [None, None, 1, 1, 2, 2]
    chat = chat_of(server, made["chat_id"])
    assert titles(chat) == [f"Research: {unique}", first, second, *below, f"Write the report: {unique}"]
    assert len(asked(provider, "Below is a finding")) == 2
    [report] = asked(provider, "Write the report:")
    shown = [line.removeprefix("### ") for line in report["messages"][0]["content"].split("\n") if line[:4] == "### "]
    assert shown == [first, *below[:2], second, *below[2:]]


@pytest.mark.parametrize("step", ["question 2", "question 4"])
def test_a_deep_research_that_was_interrupted_goes_on_where_it_was(
    open_webui: Sandbox, server: Server, provider: httpx.Client, unique: str, step: str
) -> None:
    plan = Plan(topic=unique, title=unique, models=ONE, steps=2, depth=2, breadth=1, concurrency=2)
    killed_at(open_webui, plan, step, done=True)
    report = researched(open_webui, plan)
    assert [finding.parent for finding in report.findings] == [None, None, 1, 2]
    chat = chat_of(server, report.chat_id)
    assert len(chat.messages) == len(chat.shown) == 12
    said = [body["messages"][-1]["content"] for body in asked(provider, unique)]
    # Before 0.12 nobody goes on with a question that was under way beside another.
    most = 1 if Version.parse(open_webui.version) >= Feature.PARALLEL_TURNS.since else 2
    assert all(1 <= said.count(finding.question) <= most for finding in report.findings)


def test_a_long_report_has_a_summary_and_a_section_for_each_planned_question(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, unique: str
) -> None:
    made = client.deep_research(unique, num_steps=2, depth=2, breadth=1, sections=True)
    assert made is not None
    first, second = (one["question"] for one in made["findings"][:2])
    lines = made["final_report"].split("\n")
    assert [line for line in lines if line.startswith("#")] == [f"# {unique}", f"## {first}", f"## {second}"]
    cited = [
        [int(word.strip("[]")) for word in part.split() if word[0] == "["] for part in made["final_report"].split("## ")
    ]
    assert cited[1:] == [[1, 3], [2, 4]]
    chat = chat_of(server, made["chat_id"])
    assert titles(chat)[-1] == f"Write the summary: {unique}"
    assert not any("Write the section" in title for title in titles(chat))
    assert chat.text(chat.shown[-1]) == made["final_report"]
    assert len(asked(provider, "Write the section")) == 2


def test_a_section_that_nobody_writes_has_its_findings_and_the_report_says_so(
    open_webui: Sandbox, provider: httpx.Client, unique: str
) -> None:
    down(provider, "Write the section: How")
    plan = Plan(topic=unique, title=unique, models=ONE, steps=2, sections=True, concurrency=2)
    report = researched(open_webui, plan)
    assert report.partial == "section 2 has the findings as they are: scripted to answer 500"
    assert report.partial in report.text
    assert report.findings[1].text in report.text


def test_a_section_of_a_heading_alone_has_the_findings_as_they_are(
    client: OpenWebUIClient, provider: httpx.Client, unique: str
) -> None:
    script(provider, "Write the section", f"## What is {unique}?")
    made = client.deep_research(unique, num_steps=1, sections=True)
    assert made is not None
    assert made["partial"] == "section 1 has the findings as they are: the model answered nothing"
    assert made["findings"][0]["finding"] in made["final_report"]


@pytest.mark.parametrize("step", ["section 1", "report"])
def test_sections_that_were_written_are_not_written_again(
    open_webui: Sandbox, server: Server, provider: httpx.Client, unique: str, step: str
) -> None:
    plan = Plan(topic=unique, title=unique, models=ONE, steps=2, sections=True)
    killed_at(open_webui, plan, step, done=True)
    report = researched(open_webui, plan)
    assert [row["id"] for row in chats_titled(server, unique)] == [report.chat_id]
    assert len(asked(provider, "Write the section")) == 2
    assert len(asked(provider, "Write the summary")) == 1


def test_no_call_has_the_whole_conversation_in_it(
    open_webui: Sandbox, server: Server, provider: httpx.Client, unique: str
) -> None:
    questions = [f"write 1500 words, {number}, of {unique}" for number in range(4)]
    planned(provider, *questions)
    planned(provider, match="Below are the findings")
    writer = Models(plan="stub-small", answer=("stub-small",), report="gpt-4.1")
    report = researched(open_webui, Plan(topic=unique, title=unique, models=writer, steps=4, gap_rounds=1))
    whole = sum(len(finding.text) for finding in report.findings)
    assert whole > 40_000
    bodies = {body["messages"][-1]["content"]: body for body in asked(provider, unique)}
    assert all(sent(bodies[question]) < 3000 for question in questions)
    assert sent(bodies[f"Write the report: {unique}"]) < 4 * LONGEST + 5000
    [gaps] = asked(provider, "Below are the findings")
    assert sent(gaps) < 4 * 1500 + 2000
    condensing = asked(provider, "Condense the finding")
    assert [body["model"] for body in condensing] == ["gpt-4.1"] * 4
    chat = chat_of(server, report.chat_id)
    assert [chat.text(message) for message in chat.shown[3:-2:2]] == [finding.text for finding in report.findings]


def test_a_finding_that_nobody_condenses_is_cut_off(open_webui: Sandbox, provider: httpx.Client, unique: str) -> None:
    planned(provider, f"write 1500 words of {unique}")
    down(provider, "Condense the finding")
    report = researched(open_webui, Plan(topic=unique, title=unique, models=ONE, steps=1))
    assert len(report.findings[0].text) > 10_000
    [body] = asked(provider, f"Write the report: {unique}")
    assert sent(body) < LONGEST + 5000


@pytest.mark.parametrize(
    ("answer", "questions"),
    [(None, 2), (True, 2), (("What now?", "What now"), ["What now?"]), ([{"question": "So?"}], ["So?"])],
    ids=str,
)
def test_a_plan_can_be_approved_or_changed_before_anything_is_asked(
    client: OpenWebUIClient, server: Server, unique: str, answer: Any, questions: Any
) -> None:
    shown: list[Any] = []

    def approve(plan: list[dict[str, str]]) -> Any:
        shown.extend(plan)
        return answer

    made = client.deep_research(unique, num_steps=2, approve=approve)
    assert made is not None
    assert shown == [
        {"question": f"What is {unique}?", "kind": "general"},
        {"question": f"How is {unique} used?", "kind": "general"},
    ]
    found = [one["question"] for one in made["findings"]]
    assert found == questions if isinstance(questions, list) else len(found) == questions
    chat = chat_of(server, made["chat_id"])
    assert all(question in chat.text(chat.shown[1]) for question in found)


def test_a_plan_that_is_refused_ends_it_before_anything_is_asked(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, caplog: pytest.LogCaptureFixture, unique: str
) -> None:
    fails(client, caplog, PlanRefused, None, "deep_research", unique, unique, num_steps=1, approve=lambda plan: [])
    assert asked(provider, f"What is {unique}?") == [
        body for body in asked(provider, f"What is {unique}?") if "Plan a research" in json.dumps(body)
    ]
    chats = [chat_of(server, row["id"]) for row in chats_titled(server, unique)]
    assert all("was not approved" in chat.text(chat.shown[-1]) for chat in chats)
    made = client.deep_research(unique, unique, num_steps=1)
    assert made is not None
    assert made["chat_id"] not in {chat.row["id"] for chat in chats}


def test_a_coroutine_function_may_approve_and_what_it_raises_ends_the_research(
    open_webui: Sandbox, provider: httpx.Client, unique: str
) -> None:
    async def approve(plan: list[dict[str, str]]) -> list[str]:
        return ["What now?"]

    async def fail(plan: list[dict[str, str]]) -> list[str]:
        raise KeyError("mine")

    with client_of("async", open_webui) as client:
        with pytest.raises(KeyError, match="mine"):
            client.deep_research(unique, unique, num_steps=1, approve=fail)
        made = client.deep_research(unique, unique, num_steps=1, approve=approve)
    assert made is not None
    assert [one["question"] for one in made["findings"]] == ["What now?"]
    assert len(asked(provider, "Plan a research")) == 1  # The plan that somebody was to approve is kept.


@pytest.mark.parametrize("further", [{"depth": 2}, {"gap_rounds": 1}], ids=str)
def test_an_exhausted_budget_asks_no_model_for_further_questions(
    client: OpenWebUIClient, provider: httpx.Client, unique: str, further: dict[str, int]
) -> None:
    made = client.deep_research(unique, num_steps=2, budget={"sources": 2}, **further)  # type: ignore[arg-type]
    assert made is not None
    assert made["partial"] == "the budget of 2 sources left nothing for further questions"
    assert made["partial"] in made["final_report"]
    assert asked(provider, "Below ") == []


def test_a_model_that_cannot_say_what_is_missing_does_not_end_the_research(
    client: OpenWebUIClient, provider: httpx.Client, unique: str
) -> None:
    down(provider, "Below are the findings")
    made = client.deep_research(unique, num_steps=1, gap_rounds=1)
    assert made is not None
    assert made["partial"] == "nobody said what is still missing: scripted to answer 500"
    down(provider, "Below is a finding")
    deep = client.deep_research(f"{unique} again", num_steps=1, depth=2)
    assert deep is not None
    assert len(deep["findings"]) == 1
    assert deep["partial"] == "nothing was asked below question 1: scripted to answer 500"
