"""Web search and tool servers of the sandbox, as the server uses them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from owui_sync import OpenWebUIClient
from tests.support.project import Project
from tests.support.server import Server
from tests.support.stored import Chat, chat_of

_SERVERS = "/api/v1/configs/tool_servers"


def received(provider: httpx.Client, service: str) -> list[Any]:
    return [row for row in provider.get("/_received").json()["received"] if row["service"] == service]


def sources(chat: Chat) -> list[Any]:
    return [source for answer in chat.answers for source in answer.get("sources") or ()]


@pytest.fixture
def connect(server: Server, unique: str) -> Iterator[Callable[[str], str]]:
    """Let the server know a tool server of a type; return its id."""
    before = server.get(_SERVERS)["TOOL_SERVER_CONNECTIONS"]
    origin = server.project.sandbox.provider_url

    def connected(type: str) -> str:
        row = {
            "url": f"{origin}/{'mcp' if type == 'mcp' else 'tools'}/{unique}",
            "path": "openapi.json",
            "type": type,
            "auth_type": "bearer",
            "key": "k",
            "config": {"enable": True},
            "info": {"id": unique, "name": unique, "description": "d"},
        }
        server.post(_SERVERS, {"TOOL_SERVER_CONNECTIONS": [*before, row]})
        return unique

    yield connected
    server.post(_SERVERS, {"TOOL_SERVER_CONNECTIONS": before})


def test_a_chat_and_a_research_with_web_search_have_the_pages_as_sources(
    project: Project, server: Server, provider: httpx.Client, unique: str
) -> None:
    page = {"title": f"About {unique}", "text": f"The {unique} weighs nine tons."}
    provider.post("/_pages", json={"pages": [page]}).raise_for_status()
    project.write(
        f"""
        jobs:
          ask: {{chat: {{model: gpt-4.1, prompt: "How much does the {unique} weigh?", web_search: true}}}}
          look: {{research: {{topic: "the {unique}", model: gpt-4.1, steps: 2, web_search: true}}}}
        """
    )
    jobs = {job["name"]: job for job in project.apply()["jobs"]}
    assert {job["status"] for job in jobs.values()} == {"done"}
    assert "weighs nine tons" in jobs["ask"]["response"]
    for job in jobs.values():
        chat = chat_of(server, job["chat_id"])
        places = [about["source"] for source in sources(chat) for about in source["metadata"]]
        assert f"{project.sandbox.provider_url}/pages/About%20{unique}" in places
    assert unique in received(provider, "search")[0]["query"]
    assert received(provider, "pages")[0]["title"] == page["title"]


@pytest.mark.parametrize("type", ["openapi", "mcp"])
def test_a_tool_call_reaches_the_tool_server_and_its_answer_the_model(
    client: OpenWebUIClient, provider: httpx.Client, connect: Callable[[str], str], type: str
) -> None:
    name = connect(type)
    tool, id = (f"{name}_find_ticket", f"server:mcp:{name}") if type == "mcp" else ("find_ticket", f"server:{name}")
    made = client.chat(f'call tool {tool} {{"number": 7}}', f"Tools {name}", "stub-tools", tool_ids=[id])
    assert made is not None
    calls = [row for row in received(provider, "mcp" if type == "mcp" else "tools") if row.get("tool")]
    assert [(row["name"], row["tool"], row["arguments"]) for row in calls] == [(name, "find_ticket", {"number": 7})]
    asked = provider.get("/_requests").json()["requests"]
    assert any("The printer is on fire" in str(row["body"]) for row in asked if "messages" in row["body"])
