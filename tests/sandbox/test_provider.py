"""The provider as Open WebUI uses it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from owui_sync.sandbox import Sandbox
from owui_sync.sandbox.account import client
from owui_sync.sandbox.provider.completions import MODELS

TEXT = b"The kitchen opens at nine. Green tea is brewed at eighty degrees.\n\nThe cellar holds wine from Burgundy."


@pytest.fixture
def http(open_webui: Sandbox) -> Iterator[httpx.Client]:
    with client(open_webui.url, open_webui.token) as http:
        yield http


def chat(http: httpx.Client, prompt: str, **extra: Any) -> httpx.Response:
    body = {"model": "gpt-4.1", "messages": [{"role": "user", "content": prompt}], **extra}
    return http.post("/api/chat/completions", json=body)


def test_its_models_are_listed(http: httpx.Client) -> None:
    assert set(MODELS) <= {model["id"] for model in http.get("/api/models").json()["data"]}


def test_a_chat_is_answered(http: httpx.Client) -> None:
    document = chat(http, "Hello").json()
    assert document["choices"][0]["message"]["content"] == "gpt-4.1, turn 1: you said “Hello”."
    assert document["usage"]["total_tokens"] > 0


def test_a_chat_is_streamed(http: httpx.Client) -> None:
    lines = [line.removeprefix("data: ") for line in chat(http, "say one two", stream=True).text.splitlines() if line]
    parts = [json.loads(line) for line in lines if line.startswith("{")]
    said = [choice["delta"].get("content", "") for part in parts for choice in part.get("choices", [])]
    assert "".join(said) == "one two"


def test_a_file_is_indexed_found_and_cited(http: httpx.Client) -> None:
    upload = http.post(
        "/api/v1/files/",
        params={"process": "true", "process_in_background": "false"},
        files={"file": ("tea.txt", TEXT, "text/plain")},
    )
    file_id = upload.raise_for_status().json()["id"]
    while (http.get(f"/api/v1/files/{file_id}/process/status").json()["status"]) in {"pending", "processing"}:
        time.sleep(0.05)
    answer = chat(
        http,
        "At how many degrees is green tea brewed?",
        files=[{"type": "file", "id": file_id}],
        params={"function_calling": "legacy"},
    )
    http.delete(f"/api/v1/files/{file_id}").raise_for_status()
    assert answer.json()["choices"][0]["message"]["content"] == "Green tea is brewed at eighty degrees. [1]"


@pytest.mark.parametrize(
    ("task", "key"), [("title", "title"), ("tags", "tags"), ("follow_up", "follow_ups"), ("queries", "queries")]
)
def test_the_tasks_of_this_version_are_recognised(http: httpx.Client, task: str, key: str) -> None:
    messages = [{"role": "user", "content": "How do I brew tea?"}, {"role": "assistant", "content": "With hot water."}]
    body = {"model": "gpt-4.1", "messages": messages, "prompt": "tea", "type": "retrieval"}
    answer = http.post(f"/api/v1/tasks/{task}/completions", json=body).raise_for_status().json()
    assert json.loads(answer["choices"][0]["message"]["content"])[key]


def test_a_tool_of_the_request_is_called(http: httpx.Client) -> None:
    tool = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}}}
    message = chat(http, 'call tool weather {"city": "Bern"}', tools=[tool]).json()["choices"][0]["message"]
    assert message["tool_calls"][0]["function"] == {"name": "weather", "arguments": '{"city": "Bern"}'}


def test_a_fault_reaches_whoever_asked(http: httpx.Client) -> None:
    answer = chat(http, "fail status 429")
    assert answer.status_code >= 400
    assert "scripted to answer 429" in answer.text


def test_a_rule_applies_to_what_open_webui_sends(http: httpx.Client, open_webui: Sandbox) -> None:
    with client(open_webui.provider_url) as provider:
        provider.post("/_script", json={"do": "answer", "value": "from the script", "match": "riddle"})
        assert chat(http, "riddle").json()["choices"][0]["message"]["content"] == "from the script"
        last = provider.get("/_requests").json()["requests"][-1]
    assert (last["path"], last["fault"]) == ("/v1/chat/completions", "answer")
