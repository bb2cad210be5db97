"""The services beside the provider: a search engine, tool servers, a receiver of webhooks."""

from __future__ import annotations

from typing import Any

import httpx
import pytest


def received(provider: httpx.Client, *keys: str) -> list[Any]:
    rows = provider.get("/_received").json()["received"]
    return [tuple(row.get(key) for key in keys) for row in rows]


def mcp(provider: httpx.Client, method: str, id: int | None = 1, **params: Any) -> Any:
    message = {"jsonrpc": "2.0", "method": method, "params": params, **({} if id is None else {"id": id})}
    return provider.post("/mcp/desk", json=message)


def called(provider: httpx.Client, tool: str, **arguments: Any) -> Any:
    return mcp(provider, "tools/call", name=tool, arguments=arguments).json()["result"]


def test_a_search_finds_pages_on_whatever_is_searched_for(provider: httpx.Client) -> None:
    rows = provider.post("/search", json={"query": "What is green tea?", "count": 2}).json()
    assert [row["title"] for row in rows] == ["What is green tea: an overview", "What is green tea: figures"]
    page = provider.get(rows[1]["link"])
    assert page.headers["content-type"].startswith("text/html")
    assert rows[1]["snippet"] in page.text


def test_pages_that_a_test_brings_are_found_before_made_up_ones(provider: httpx.Client) -> None:
    page = {"title": "Tea / <green>", "text": "Green tea is brewed at eighty degrees."}
    assert provider.post("/_pages", json={"pages": [page]}).json() == {"pages": 1}
    [row] = provider.post("/search", json={"query": "how is green tea brewed"}).json()
    assert (row["title"], row["snippet"]) == (page["title"], page["text"])
    assert "Tea / &lt;green&gt;" in provider.get(row["link"]).text
    assert len(provider.post("/search", json={"query": "coffee"}).json()) == 3


def test_the_search_engine_speaks_as_searxng_too(provider: httpx.Client) -> None:
    rows = provider.get("/search", params={"q": "tea", "format": "json"}).json()["results"]
    assert [row["title"] for row in rows] == ["tea: an overview", "tea: figures", "tea: opinions"]
    assert rows[0]["score"] > rows[1]["score"]
    assert provider.get(rows[0]["url"]).status_code == 200


def test_a_search_for_nothing_finds_nothing(provider: httpx.Client) -> None:
    assert provider.post("/search", json={"query": " "}).json() == []
    assert provider.post("/search", content="no JSON").json() == []
    assert provider.get("/pages/nowhere").status_code == 404


def test_pages_have_titles_and_texts(provider: httpx.Client) -> None:
    answer = provider.post("/_pages", json={"pages": [{"title": "T"}]})
    assert (answer.status_code, "text" in answer.text) == (400, True)


def test_a_tool_server_describes_its_tools_and_runs_them(provider: httpx.Client) -> None:
    spec = provider.get("/tools/desk/openapi.json").json()
    assert spec["info"]["title"] == "desk"
    assert sorted(spec["paths"]) == ["/add_numbers", "/create_ticket", "/find_ticket"]
    assert provider.post("/tools/desk/find_ticket", json={"number": "7"}).json()["state"] == "open"
    assert provider.post("/tools/desk/create_ticket", json={"subject": "Noise"}).json()["number"] == 8
    assert provider.post("/tools/desk/add_numbers", json={"a": 1, "b": 2.5}).json() == {"sum": 3.5}


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("find_ticket", {"number": 99}, "there is no ticket 99"),
        ("find_ticket", {}, "missing: number"),
        ("find_ticket", {"number": "x"}, "an argument cannot be used"),
        ("add_numbers", {"a": 1, "b": "x"}, "an argument cannot be used"),
    ],
)
def test_a_tool_that_cannot_do_it_says_why_in_either_protocol(
    provider: httpx.Client, tool: str, arguments: dict[str, Any], words: str
) -> None:
    answer = provider.post(f"/tools/desk/{tool}", json=arguments)
    assert (answer.status_code, words in answer.json()["detail"]) == (422, True)
    result = called(provider, tool, **arguments)
    assert (result["isError"], words in result["content"][0]["text"]) == (True, True)


def test_an_operation_of_another_description_is_repeated(provider: httpx.Client) -> None:
    answer = provider.put("/tools/clock/zones/CET?short=yes", json={"summer": True})
    arguments = {"short": "yes", "summer": True}
    assert answer.json() == {"called": "PUT /zones/CET", "arguments": arguments}
    assert provider.patch("/tools/clock/x").json() == {"called": "PATCH /x", "arguments": {}}
    assert provider.delete("/tools/clock/x").json() == {"called": "DELETE /x", "arguments": {}}
    assert received(provider, "name", "tool", "arguments")[0] == ("clock", "zones/CET", arguments)


def test_an_mcp_client_begins_with_initialize_and_calls_tools(provider: httpx.Client) -> None:
    assert mcp(provider, "server/discover").json()["error"]["code"] == -32601
    hello = mcp(provider, "initialize", protocolVersion="2025-06-18").json()["result"]
    assert (hello["protocolVersion"], hello["serverInfo"]["name"]) == ("2025-06-18", "desk")
    assert mcp(provider, "initialize", protocolVersion="2099-01-01").json()["result"]["protocolVersion"] < "2099"
    assert mcp(provider, "notifications/initialized", id=None).status_code == 202
    assert mcp(provider, "ping").json()["result"] == {}
    listed = mcp(provider, "tools/list").json()["result"]["tools"]
    assert [tool["name"] for tool in listed] == ["find_ticket", "create_ticket", "add_numbers"]
    assert listed[0]["inputSchema"]["required"] == ["number"]
    result = called(provider, "add_numbers", a=1, b=2)
    assert result == {"content": [{"type": "text", "text": '{"sum": 3}'}], "isError": False}
    assert mcp(provider, "tools/call", name="no_tool").json()["error"]["message"] == "there is no tool no_tool"


def test_what_is_no_message_of_mcp_is_refused(provider: httpx.Client) -> None:
    assert provider.get("/mcp/desk").status_code == 405
    assert provider.post("/mcp/desk", content="hello").status_code == 400


def test_webhooks_are_received(provider: httpx.Client) -> None:
    assert provider.post("/webhooks/audit", json={"event": "model.updated"}).status_code == 200
    assert received(provider, "service", "name", "body") == [("webhooks", "audit", {"event": "model.updated"})]


def test_a_service_can_fail_as_the_provider_can(provider: httpx.Client) -> None:
    rules = [{"do": "status", "value": 503, "path": "/search"}, {"do": "delay", "value": 0.01, "path": "/tools/t/x"}]
    provider.post("/_script", json=rules).raise_for_status()
    assert [provider.post("/search", json={"query": "a"}).status_code for _ in range(2)] == [503, 200]
    assert provider.post("/tools/t/x").status_code == 200
    assert received(provider, "service", "status") == [("search", 503), ("search", 200), ("tools", 200)]


def test_a_reset_forgets_what_came_in_and_what_was_brought(provider: httpx.Client) -> None:
    provider.post("/_pages", json={"pages": [{"title": "Tea", "text": "Tea."}]})
    provider.post("/tools/desk/create_ticket", json={"subject": "Noise"})
    provider.post("/_reset")
    assert received(provider) == []
    assert provider.get("/pages/Tea").status_code == 404
    assert provider.post("/tools/desk/find_ticket", json={"number": 8}).status_code == 422


def test_a_path_of_no_service_is_none(provider: httpx.Client) -> None:
    for path in ("/", "/tools", "/elsewhere"):
        assert provider.get(path).status_code == 404
    assert received(provider) == []
