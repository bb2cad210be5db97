"""A copy works: a preset answers there through its tool, filter and tool server, to somebody who may use them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from owui_sync.pytest_plugin import OpenWebUIFactory
from tests.support.filled import grant
from tests.support.project import Project
from tests.support.server import Server
from tests.support.stored import chat_of

pytestmark = pytest.mark.slow

TOOL = '''
from pydantic import BaseModel


class Tools:
    class Valves(BaseModel):
        api_key: str = ""
        region: str = "nowhere"

    def __init__(self) -> None:
        self.valves = self.Valves()

    def find_customer(self, name: str) -> str:
        """
        Find a customer.
        :param name: the customer
        """
        return f"{name} lives in {self.valves.region}, says {self.valves.api_key}"
'''
FILTER = """
from pydantic import BaseModel


class Filter:
    class Valves(BaseModel):
        note: str = "unset"

    def __init__(self) -> None:
        self.valves = self.Valves()

    def inlet(self, body: dict) -> dict:
        body["messages"].insert(0, {"role": "system", "content": self.valves.note})
        return body
"""
QUESTION = 'call tool find_customer {"name": "Ada"}\ncall tool find_ticket {"number": 7}'


def fill(server: Server) -> None:
    """Put a preset with all that it uses on an empty server; members of one group may use them."""
    post, url = server.post, server.project.sandbox.provider_url
    # Connections as the environment made them belong to it, and are not copied.
    config = {
        "OPENAI_API_BASE_URLS": [f"{url}/v1"],
        "OPENAI_API_KEYS": ["k"],
        "OPENAI_API_CONFIGS": {"0": {"enable": True}},
    }
    post("/openai/config/update", {"ENABLE_OPENAI_API": True, **config})
    user = server.user("ada").id
    group = post("/api/v1/groups/create", {"name": "Clerks", "description": ""})["id"]
    post(f"/api/v1/groups/id/{group}/users/add", {"user_ids": [user]})
    shared = [grant("group", group)]
    tool = {"id": "customers", "name": "Customers", "content": TOOL.lstrip(), "meta": {"description": "d"}}
    post("/api/v1/tools/create", {**tool, "access_grants": shared})
    post("/api/v1/tools/id/customers/valves/update", {"api_key": "the-key-of-the-tool", "region": "Bern"})
    note = {"id": "note", "name": "Note", "content": FILTER.lstrip(), "meta": {"description": "d"}}
    post("/api/v1/functions/create", note)
    post("/api/v1/functions/id/note/valves/update", {"note": "noted by the filter"})
    post("/api/v1/functions/id/note/toggle")
    desk = {
        "url": f"{url}/tools/desk",
        "path": "openapi.json",
        "type": "openapi",
        "auth_type": "bearer",
        "key": "the-key-of-the-desk",
        "config": {"enable": True, "access_grants": shared},
        "info": {"id": "desk", "name": "Desk", "description": "d"},
    }
    post("/api/v1/configs/tool_servers", {"TOOL_SERVER_CONNECTIONS": [desk]})
    meta = {"description": "d", "toolIds": ["customers", "server:desk"], "filterIds": ["note"]}
    params = {"system": "You are a clerk.", "function_calling": "native"}
    model = {"id": "clerk", "name": "Clerk", "base_model_id": "gpt-4.1", "meta": meta, "params": params}
    # Whoever asks a preset needs its base as well.
    base: dict[str, Any] = {"id": "gpt-4.1", "name": "GPT", "base_model_id": None, "meta": {}, "params": {}}
    for row in (base, model):
        post("/api/v1/models/create", {**row, "is_active": True, "access_grants": shared})


def member(server: Server, name: str) -> str:
    """Return a token of an account that a copy made: nobody knows its password, so it gets another one."""
    rows = server.get("/api/v1/users/")["users"]
    [row] = [row for row in rows if row["name"] == name]
    server.post(f"/api/v1/users/{row['id']}/update", {**row, "password": "correct horse"})
    session = server.post("/api/v1/auths/signin", {"email": row["email"], "password": "correct horse"})
    return str(session["token"])


def ask(server: Server, token: str, model: str, question: str) -> str:
    """Ask a preset as the page does, which sends the tools of the preset along; return what was stored as answer."""
    rows = server.get("/api/models", token)["data"]
    [offered] = [row for row in rows if row["id"] == model]
    tools = offered["info"]["meta"]["toolIds"]
    chat = server.post("/api/v1/chats/new", {"chat": {"title": "t", "models": [model]}}, token)["id"]
    user, answer = str(uuid4()), str(uuid4())
    message: dict[str, Any] = {
        "id": user,
        "parentId": None,
        "childrenIds": [],
        "role": "user",
        "content": question,
        "timestamp": 1,
    }
    body: dict[str, Any] = {"model": model, "stream": True, "chat_id": chat, "id": answer, "parent_id": None}
    server.post("/api/chat/completions", {**body, "user_message": message, "tool_ids": tools}, token)
    found = chat_of(server, chat)
    return found.text(found.messages[answer])


def test_a_preset_answers_on_a_copy_through_its_tool_filter_and_tool_server(
    open_webui_factory: OpenWebUIFactory, tmp_path: Path
) -> None:
    source, copy = (Server(Project(tmp_path, open_webui_factory(), "used")) for _ in range(2))
    fill(source)
    nothing: dict[str, Any] = {"OPENAI_API_BASE_URLS": [], "OPENAI_API_KEYS": [], "OPENAI_API_CONFIGS": {}}
    copy.post("/openai/config/update", {"ENABLE_OPENAI_API": True, **nothing})
    urls = {"one": source.project.sandbox.url, "two": copy.project.sandbox.url}
    lines = (f"  {name}: {{url: '{url}', token: !secret {name.upper()}}}\n" for name, url in urls.items())
    (tmp_path / "owui-sync.yaml").write_text("version: 1\ntargets:\n" + "".join(lines), encoding="utf-8")
    tokens = {"ONE": source.project.sandbox.token, "TWO": copy.project.sandbox.token}
    words = ("clone", "one", "--to", "two", "--yes", "--create-users", "--copy-secrets")
    cloned = source.project.run(*words, **tokens)
    assert cloned.code == 0, cloned.err
    assert source.project.run("diff", "one", "two", **tokens).code == 0

    with httpx.Client(base_url=source.project.sandbox.provider_url) as provider:
        provider.post("/_reset")
        answer = ask(copy, member(copy, "ada"), "clerk", QUESTION)
        requests = provider.get("/_requests").json()["requests"]
        asked = [row["body"]["messages"] for row in requests if "messages" in row["body"]]
        received = [row for row in provider.get("/_received").json()["received"] if row.get("tool")]
    assert [(row["name"], row["tool"], row["arguments"]) for row in received] == [
        ("desk", "find_ticket", {"number": 7})
    ]
    first, last = asked[0], asked[-1]
    system = [message["content"] for message in first if message["role"] == "system"]
    assert "noted by the filter" in "\n".join(system)
    assert "You are a clerk." in "\n".join(system)
    results = json.dumps([message["content"] for message in last if message["role"] == "tool"])
    for said_by_tool in ("Ada lives in Bern, says the-key-of-the-tool", "The printer is on fire"):
        assert said_by_tool in results
        assert said_by_tool in answer
