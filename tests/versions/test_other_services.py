"""Web search and tool servers of the sandbox, as the server uses them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from owui_sync import OpenWebUIClient
from owui_sync.client.runs.troubles import NOT_SEARCHED
from tests.support.project import Project
from tests.support.server import Server
from tests.support.stored import Chat, chat_of

_SERVERS = "/api/v1/configs/tool_servers"
_RETRIEVAL = "/api/v1/retrieval/config"


def received(provider: httpx.Client, service: str) -> list[Any]:
    return [row for row in provider.get("/_received").json()["received"] if row["service"] == service]


def sources(chat: Chat) -> list[Any]:
    return [source for answer in chat.answers for source in answer.get("sources") or ()]


def hands_pages_on(server: Server) -> bool:
    """Whether what a search found comes to the model: 0.9.6 searches, loads the pages, and leaves them out."""
    return server.version[:2] != (0, 9)


Connect = Callable[..., str]


@pytest.fixture
def connect(server: Server, unique: str) -> Iterator[Connect]:
    """Let the server know a tool server of a type, one that nobody serves if it is `dead`; return its id."""
    before = server.get(_SERVERS)["TOOL_SERVER_CONNECTIONS"]
    rows = list(before)

    def connected(type: str, dead: bool = False) -> str:
        id = f"{unique}{len(rows)}"
        origin = "http://127.0.0.1:9" if dead else server.project.sandbox.provider_url
        row = {
            "url": f"{origin}/{'mcp' if type == 'mcp' else 'tools'}/{id}",
            "path": "openapi.json",
            "type": type,
            "auth_type": "bearer",
            "key": "k",
            "config": {"enable": True},
            "info": {"id": id, "name": id, "description": "d"},
        }
        rows.append(row)
        server.post(_SERVERS, {"TOOL_SERVER_CONNECTIONS": rows})
        return id

    yield connected
    server.post(_SERVERS, {"TOOL_SERVER_CONNECTIONS": before})


@pytest.fixture
def search_off(server: Server) -> Iterator[None]:
    """Switch web search off for the test."""
    web = server.get(_RETRIEVAL)["web"]
    _write_web(server, {**web, "ENABLE_WEB_SEARCH": False})
    assert server.get(_RETRIEVAL)["web"]["ENABLE_WEB_SEARCH"] is False
    yield
    _write_web(server, web)


def _write_web(server: Server, web: Any) -> None:
    sandbox = server.project.sandbox
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    with httpx.Client(base_url=sandbox.url, headers=headers, timeout=60, trust_env=False) as http:
        http.post(f"{_RETRIEVAL}/update", json={"web": web})  # 0.8.12 stores it, and answers 500.


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
    assert [bool(job["notes"]) for job in jobs.values()] == [not hands_pages_on(server)] * 2, "what is missing is told"
    assert ("weighs nine tons" in jobs["ask"]["response"]) == hands_pages_on(server)
    for job in jobs.values() if hands_pages_on(server) else ():
        chat = chat_of(server, job["chat_id"])
        places = [about["source"] for source in sources(chat) for about in source["metadata"]]
        assert f"{project.sandbox.provider_url}/pages/About%20{unique}" in places
    assert unique in received(provider, "search")[0]["query"]
    assert received(provider, "pages")[0]["title"] == page["title"]


@pytest.mark.parametrize("type", ["openapi", "mcp"])
def test_a_tool_call_reaches_the_tool_server_and_its_answer_the_model(
    client: OpenWebUIClient, provider: httpx.Client, connect: Connect, type: str
) -> None:
    name = connect(type)
    tool, id = (f"{name}_find_ticket", f"server:mcp:{name}") if type == "mcp" else ("find_ticket", f"server:{name}")
    made = client.chat(f'call tool {tool} {{"number": 7}}', f"Tools {name}", "stub-tools", tool_ids=[id])
    assert made is not None
    calls = [row for row in received(provider, "mcp" if type == "mcp" else "tools") if row.get("tool")]
    assert [(row["name"], row["tool"], row["arguments"]) for row in calls] == [(name, "find_ticket", {"number": 7})]
    asked = provider.get("/_requests").json()["requests"]
    assert any("The printer is on fire" in str(row["body"]) for row in asked if "messages" in row["body"])


def test_a_task_says_which_tools_and_tool_servers_were_of_no_use(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, connect: Connect
) -> None:
    dead, desk = connect("openapi", dead=True), connect("openapi")
    goal = f'Task {desk}\ncall tool find_ticket {{"number": 99}}'
    if server.version >= (0, 10):
        goal += "\ncall any tool tear_up {}"
    made = client.process_task(goal, "stub-tools", [f"server:{dead}", f"server:{desk}", "no_tool"])
    assert made is not None
    assert made["missing_tools"] == [f"server:{dead}", "no_tool"]
    problems = made["problems"]
    assert problems[:2] == [f"the tool server server:{dead} does not answer", "there is no tool no_tool"]
    if server.version >= (0, 10):
        assert problems[2:] == [
            'find_ticket: HTTP error 422: {"detail": "there is no ticket 99"}',
            'tear_up: Error: Tool "tear_up" not found.',
        ]


def test_a_task_and_a_research_say_that_an_mcp_server_does_not_answer(
    client: OpenWebUIClient, connect: Connect
) -> None:
    mute = connect("mcp", dead=True)
    made = client.process_task(f"Task {mute}", "stub-tools", [f"server:mcp:{mute}"])
    assert made is not None
    told = f"Failed to connect to MCP server '{mute}'"
    assert made["problems"] == [told]
    found = client.deep_research(f"the {mute}", num_steps=1, tool_ids=[f"server:mcp:{mute}"])
    assert found is not None
    assert found["partial"] is not None
    assert found["partial"].removesuffix(" (question 1)") == told


@pytest.mark.parametrize(("type", "words"), [("task", "goal"), ("chat", "prompt")])
def test_the_web_is_searched_beside_tools(
    project: Project, server: Server, provider: httpx.Client, connect: Connect, type: str, words: str
) -> None:
    desk = connect("openapi")
    page = {"title": f"About {desk}", "text": f"The {desk} weighs nine tons."}
    provider.post("/_pages", json={"pages": [page]}).raise_for_status()
    job = f'{words}: "How much does the {desk} weigh?", model: gpt-4.1, tools: ["server:{desk}"], web_search: true'
    project.write(f"jobs: {{weigh: {{{type}: {{{job}}}}}}}")
    [done] = project.apply()["jobs"]
    assert ("weighs nine tons" in done["response"]) == hands_pages_on(server)
    assert (NOT_SEARCHED not in done["notes"]) == hands_pages_on(server)
    assert desk in received(provider, "search")[0]["query"]


def test_a_search_that_is_switched_off_is_said(
    project: Project, client: OpenWebUIClient, server: Server, search_off: None
) -> None:
    told = [] if server.old else [NOT_SEARCHED]  # Before 0.8 the server searches all the same.
    made = client.process_task("What is tea?", "gpt-4.1", None, web_search=True)
    assert made is not None
    assert made.get("problems", []) == told
    project.write(
        """
        jobs:
          chat: {chat: {prompt: What is tea?, model: gpt-4.1, web_search: true}}
          task: {task: {goal: What is tea?, model: gpt-4.1, web_search: true}}
          research: {research: {topic: tea, model: gpt-4.1, steps: 3, web_search: true}}
        """
    )
    notes = {job["name"]: job["notes"] for job in project.apply()["jobs"]}
    partial = [f"a partial report: {words} (question 2)" for words in told]
    assert notes == {"chat": told, "task": told, "research": partial}


def test_a_search_that_fails_is_said_in_the_report(
    client: OpenWebUIClient, provider: httpx.Client, unique: str
) -> None:
    provider.post("/_script", json={"do": "status", "value": "500", "path": "/search", "times": 99})
    made = client.deep_research(unique, num_steps=3, web_search=True)
    assert made is not None
    assert made["total_steps_completed"] == 3
    assert made["partial"] is not None
    assert made["partial"].startswith("the web was not searched")
    assert made["partial"].endswith("(question 2)")
    assert made["partial"] in made["final_report"]
