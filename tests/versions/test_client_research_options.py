"""What programs can tell `deep_research`, on every version, checked through the server's own API."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from owui_sync import OpenWebUIClient
from owui_sync.client.runs.run import Event
from owui_sync.sandbox import Sandbox
from tests.support.clients import client_of
from tests.support.researched import planned
from tests.support.server import Server
from tests.support.stored import asked, chat_of, make_knowledge


def test_knowledge_bases_are_answered_from_and_cited(
    client: OpenWebUIClient, server: Server, unique: str, tmp_path: Path
) -> None:
    path = tmp_path / "tea.txt"
    path.write_text("Green tea is brewed at eighty degrees.")
    make_knowledge(server, unique, path)
    made = client.deep_research("green tea", unique, num_steps=2, rag_collections=[unique])
    assert made is not None
    assert made["sources"] == [{"number": 1, "name": "tea.txt", "url": None}]
    assert "eighty degrees. [1]" in made["final_report"]


@pytest.mark.parametrize("budget", [{"tokens": 1}, {"seconds": 0.001}, {"sources": 1}], ids=str)
def test_an_exhausted_budget_ends_with_a_report_that_says_so(
    client: OpenWebUIClient, server: Server, unique: str, budget: dict[str, float]
) -> None:
    made = client.deep_research(unique, num_steps=4, concurrency=1, budget=budget)
    assert made is not None
    assert made["partial"]
    assert "ended it after 1 of 4 questions" in made["partial"]
    assert made["partial"] in made["final_report"]
    assert made["tokens"] > 0
    chat = chat_of(server, made["chat_id"])
    assert chat.text(chat.shown[-1]) == made["final_report"]


def test_what_is_missing_is_asked_in_rounds_and_each_step_is_told(
    client: OpenWebUIClient, provider: httpx.Client, unique: str
) -> None:
    planned(provider, f"What else is {unique}?", match="Below are the findings")
    events: list[Event] = []
    made = client.deep_research(unique, num_steps=1, gap_rounds=2, on_step=events.append)
    assert made is not None
    assert made["partial"] is None
    assert [one["question"] for one in made["findings"]] == [f"What is {unique}?", f"What else is {unique}?"]
    assert [(event.step, event.done) for event in events] == [
        (step, done) for step in ("plan", "question 1", "question 2", "report") for done in (False, True)
    ]
    assert events[-1].tokens == made["tokens"]
    assert len(asked(provider, "Below are the findings")) == 2


def test_questions_at_once_are_not_begun_when_the_time_is_used_up(client: OpenWebUIClient, unique: str) -> None:
    made = client.deep_research(unique, num_steps=3, concurrency=3, budget={"seconds": 0.001})
    assert made is not None
    assert made["partial"] == "the budget of 0.001 seconds ended it after 1 of 3 questions"


def test_a_coroutine_function_is_told_of_each_step_and_ends_the_research_with_what_it_raises(
    open_webui: Sandbox, unique: str
) -> None:
    told: list[str] = []

    async def tell(event: Event) -> None:
        told.append(event.step)
        if event.step == "report":
            raise KeyError("mine")

    with client_of("async", open_webui) as client, pytest.raises(KeyError, match="mine"):
        client.deep_research(unique, num_steps=1, on_step=tell)
    assert told == ["plan", "plan", "question 1", "question 1", "report", "report"][: len(told)]
    assert told[-1] == "report"


def test_the_web_is_searched_where_a_question_needs_it(open_webui: Sandbox, unique: str) -> None:
    searched: dict[str, bool] = {}

    async def note(request: httpx.Request) -> None:
        if request.url.path == "/api/chat/completions":
            body: dict[str, Any] = json.loads(request.content)
            said = (body.get("user_message") or (body.get("messages") or [{}])[-1]).get("content") or ""
            searched[str(said)] = bool((body.get("features") or {}).get("web_search"))

    with client_of("async", open_webui, event_hooks={"request": [note]}) as client:
        made = client.deep_research(unique, num_steps=2, web_search=True)
    assert made is not None
    assert [one["model_type"] for one in made["findings"]] == ["general", "search"]
    assert [searched[one["question"]] for one in made["findings"]] == [False, True]
