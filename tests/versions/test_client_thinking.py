"""Reasoning models, on every version: what they think is in no result, no report and no later prompt."""

from __future__ import annotations

import json

import httpx

from owui_sync import OpenWebUIClient
from tests.support.researched import script
from tests.support.server import Server
from tests.support.stored import chat_of
from tests.versions.test_client_tasks import drained

THOUGHT = '<think>\nA secret {"questions": ["What is secret?"]}\n</think>\n\n'


def prompts(provider: httpx.Client) -> str:
    """All that models were asked."""
    return json.dumps([entry["body"].get("messages") for entry in provider.get("/_requests").json()["requests"]])


def test_a_chat_has_the_answer_alone(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, unique: str
) -> None:
    script(provider, f"Hello {unique}", f"{THOUGHT}It is so.")
    script(provider, f"Again {unique}", f"{THOUGHT}So it stays.")
    made = client.chat(f"Hello {unique}", unique)
    assert made is not None
    assert made["response"] == "It is so."
    pieces, result = drained(client.stream_chat(f"Again {unique}", unique))
    assert ("".join(pieces), result["response"]) == ("So it stays.", "So it stays.")
    assert client.chat(f"And now, {unique}?", unique)
    assert [answer["content"] for answer in chat_of(server, made["chat_id"]).answers[:2]] == [
        "It is so.",
        "So it stays.",
    ]
    assert "secret" not in prompts(provider)


def test_a_chat_of_an_older_page_is_continued_without_its_thinking(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, unique: str
) -> None:
    block = '<details type="reasoning" done="true" duration="1">\n<summary>Thought</summary>\n> secret\n</details>\n'
    messages = {
        "q": {"id": "q", "parentId": None, "childrenIds": ["a"], "role": "user", "content": "Hello"},
        "a": {"id": "a", "parentId": "q", "childrenIds": [], "role": "assistant", "content": f"{block}It is so."},
    }
    chat = {"title": unique, "models": ["stub-small"], "history": {"messages": messages, "currentId": "a"}}
    server.post("/api/v1/chats/new", {"chat": chat})
    _, made = drained(client.stream_chat(f"Again {unique}", unique))
    assert "turn 2" in made["response"]
    assert ("It is so." in prompts(provider), "secret" in prompts(provider)) == (True, False)


def test_a_research_rests_on_answers_alone(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, unique: str
) -> None:
    questions = [f"What is {unique}?", f"Who has {unique}?"]
    script(provider, "Plan a research", THOUGHT + json.dumps({"questions": questions}))
    script(provider, questions[0], f"{THOUGHT}It is a tea. " + "Long. " * 600)
    script(provider, "Condense the finding", f"{THOUGHT}It is a tea.")
    script(provider, questions[1], f"{THOUGHT}We have it.")
    script(provider, "Write the report", f"{THOUGHT}It is a tea [1], and we have it [2].")
    made = client.deep_research(unique, num_steps=2, concurrency=1)
    assert made is not None
    assert [one["question"] for one in made["findings"]] == questions
    assert made["final_report"] == "It is a tea [1], and we have it [2]."
    assert "secret" not in json.dumps(made)
    assert "secret" not in prompts(provider)
    assert chat_of(server, made["chat_id"]).shown[-1]["content"] == made["final_report"]


def test_a_task_ends_with_the_answer_alone(client: OpenWebUIClient, provider: httpx.Client, unique: str) -> None:
    script(provider, unique, "<think>Final answer: secret</think>\n- [@] Look\n- [ ] Say it")
    script(provider, "Go on", f"{THOUGHT}- [x] Look\n\nFinal answer: it is so")
    made = client.process_task(f"Look at {unique}", "stub-small", None)
    assert made is not None
    assert (made["solution"], made["completed"]) == ("it is so", True)
    assert "secret" not in json.dumps(made)
