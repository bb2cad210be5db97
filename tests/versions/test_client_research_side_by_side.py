"""Questions of a research that are asked at once, on every version, checked through the server's own API."""

from __future__ import annotations

from itertools import accumulate

import httpx
import pytest

from owui_sync import OpenWebUIClient
from owui_sync.client.runs.definition import Budget, Plan
from owui_sync.client.runs.run import Event
from owui_sync.sandbox import Sandbox
from tests.support.researched import ONE, down, killed_at, planned, researched, script, titles
from tests.support.server import Server
from tests.support.stored import asked, chat_of, chats_titled


def under_way(events: list[Event]) -> list[int]:
    """How many questions were under way after each event about one."""
    about = [event for event in events if event.step.startswith("question")]
    return list(accumulate(-1 if event.done else 1 for event in about))


def test_questions_are_asked_at_once_within_the_bound_and_shown_in_their_order(
    open_webui: Sandbox, server: Server, provider: httpx.Client, unique: str
) -> None:
    questions = [f"{number}. What about {unique}?" for number in range(1, 6)]
    planned(provider, *questions)
    for number, seconds in ((1, "1.5"), (2, "0.5"), (3, "0")):  # The first ends last.
        script(provider, f"{number}. What about", seconds, do="delay")
    events: list[Event] = []
    plan = Plan(topic=unique, title=unique, models=ONE, steps=5, concurrency=3)
    report = researched(open_webui, plan, events.append)
    assert max(under_way(events)) == 3
    assert [finding.question for finding in report.findings] == questions
    chat = chat_of(server, report.chat_id)
    assert titles(chat) == [f"Research: {unique}", *questions, f"Write the report: {unique}"]
    assert [chat.text(message) for message in chat.shown[3:-2:2]] == [finding.text for finding in report.findings]
    assert len(chat.messages) == len(chat.shown)
    assert [source["document"] for source in chat.shown[-1]["sources"]] == [[one.text] for one in report.findings]


@pytest.mark.parametrize(("step", "done"), [("question 2", False), ("question 3", True), ("report", False)])
def test_a_process_that_ends_with_questions_under_way_loses_none_and_asks_none_twice(
    open_webui: Sandbox, server: Server, provider: httpx.Client, unique: str, step: str, done: bool
) -> None:
    plan = Plan(topic=unique, title=unique, models=ONE, steps=4, concurrency=3)
    killed_at(open_webui, plan, step, done)
    report = researched(open_webui, plan)
    assert [row["id"] for row in chats_titled(server, unique)] == [report.chat_id]
    assert [finding.error for finding in report.findings] == [None] * 4
    chat = chat_of(server, report.chat_id)
    questions = [finding.question for finding in report.findings]
    assert titles(chat) == [f"Research: {unique}", *questions, f"Write the report: {unique}"]
    assert len(chat.messages) == len(chat.shown)


def test_a_question_that_fails_among_others_is_left_out_and_its_place_closed(
    open_webui: Sandbox, server: Server, provider: httpx.Client, unique: str
) -> None:
    down(provider, f"How is {unique} used?")
    plan = Plan(topic=unique, title=unique, models=ONE, steps=3, concurrency=3)
    report = researched(open_webui, plan)
    assert [bool(finding.error) for finding in report.findings] == [False, True, False]
    chat = chat_of(server, report.chat_id)
    good = [finding.question for finding in report.findings if not finding.error]
    assert titles(chat) == [f"Research: {unique}", *good, f"Write the report: {unique}"]
    assert "error" in chat.messages[report.findings[1].message_id]


def test_a_budget_holds_although_questions_are_asked_at_once(
    open_webui: Sandbox, provider: httpx.Client, unique: str
) -> None:
    plan = Plan(topic=unique, title=unique, models=ONE, steps=6, concurrency=4, budget=Budget(sources=2))
    report = researched(open_webui, plan)
    assert len(report.findings) == 2
    assert report.partial
    assert "2 of 6 questions" in report.partial


def test_questions_that_ask_the_same_are_asked_once_also_in_later_rounds(
    open_webui: Sandbox, provider: httpx.Client, unique: str
) -> None:
    planned(provider, f"What is {unique}?", f"what is the {unique}", f"What's {unique.upper()} ?", f"Why {unique}?")
    planned(provider, f"Why “{unique}”", f"Who made {unique}?", match="Below are the findings")
    plan = Plan(topic=unique, title=unique, models=ONE, steps=2, gap_rounds=1, concurrency=2)
    report = researched(open_webui, plan)
    questions = [f"What is {unique}?", f"Why {unique}?", f"Who made {unique}?"]
    assert [finding.question for finding in report.findings] == questions
    said = [body["messages"][-1]["content"] for body in asked(provider, unique)]
    assert [said.count(question) for question in questions] == [1, 1, 1]


def test_programs_say_how_many_are_asked_at_once(client: OpenWebUIClient, server: Server, unique: str) -> None:
    made = client.deep_research(unique, num_steps=4, concurrency=2)
    assert made is not None
    questions = [one["question"] for one in made["findings"]]
    chat = chat_of(server, made["chat_id"])
    assert titles(chat) == [f"Research: {unique}", *questions, f"Write the report: {unique}"]
    assert len(questions) == 4


def test_a_question_that_falls_silent_is_given_up_and_the_others_go_on(
    open_webui: Sandbox, provider: httpx.Client, unique: str
) -> None:
    planned(provider, f"Silent {unique}?", f"Slow {unique}?")
    script(provider, "Silent", "60", do="silence")
    script(provider, "Slow", "0.6", do="slow")
    plan = Plan(topic=unique, title=unique, models=ONE, steps=2, concurrency=2, retries=0, silence=3)
    silent, slow = researched(open_webui, plan).findings
    assert silent.error
    assert "nothing came for 3 s" in silent.error
    assert slow.error is None
