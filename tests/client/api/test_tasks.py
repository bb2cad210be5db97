from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest

from owui_sync.client.api import completions, tasks
from owui_sync.client.connect import Server
from owui_sync.client.writer import Writer
from owui_sync.pytest_plugin import OpenWebUIFactory
from owui_sync.sandbox import Sandbox
from tests.support.asking import asking, counting

TALK = [{"role": "user", "content": "How do I brew tea?"}, {"role": "assistant", "content": "With hot water."}]
Task = Callable[[Writer, str, list[dict[str, str]]], Coroutine[Any, Any, Any]]


@pytest.fixture(autouse=True)
def _known_models(server: Server) -> None:
    """The server has made its list of models, as it has when anybody has opened the page."""
    asking(server, completions.models)


def test_a_server_that_was_just_started_answers_too(open_webui_factory: OpenWebUIFactory) -> None:
    fresh = open_webui_factory()
    server = Server(url=fresh.url, token=fresh.token)
    assert asking(server, lambda writer: tasks.title(writer, "stub-small", TALK)) == "How do I brew tea"


@pytest.mark.parametrize(
    ("task", "found"),
    [
        (tasks.title, "How do I brew tea"),
        (tasks.tags, ["General", "Brew", "Tea"]),
        (tasks.follow_ups, "Tell me more about: How do I brew tea"),
    ],
)
def test_a_task_is_one_request(server: Server, task: Task, found: Any) -> None:
    result, requests = counting(server, lambda writer: task(writer, "stub-small", TALK))
    assert requests == 1
    assert found in (result, result[0])


@pytest.mark.parametrize("task", [tasks.title, tasks.tags, tasks.follow_ups])
@pytest.mark.parametrize("said", ["no JSON at all", '{"title": 1, "tags": "x", "follow_ups": [1, ""]}', "{broken"])
def test_a_model_that_answers_something_else_gives_nothing(
    server: Server, open_webui: Sandbox, task: Task, said: str
) -> None:
    httpx.post(f"{open_webui.provider_url}/_script", json={"do": "answer", "value": said})
    assert asking(server, lambda writer: task(writer, "stub-small", TALK)) is None


def test_words_around_the_json_do_no_harm(server: Server, open_webui: Sandbox) -> None:
    said = 'Here you are:\n```json\n{"follow_ups": [" one ", "one", "two"]}\n```'
    httpx.post(f"{open_webui.provider_url}/_script", json={"do": "answer", "value": said})
    assert asking(server, lambda writer: tasks.follow_ups(writer, "stub-small", TALK)) == ["one", "two"]
