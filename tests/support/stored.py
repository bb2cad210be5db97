"""Chats as the server has them, read through its own API and past our client."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.support.server import Server


@dataclass(frozen=True, slots=True)
class Chat:
    """A stored chat."""

    row: dict[str, Any]

    @property
    def title(self) -> str:
        return str(self.row["title"])

    @property
    def folder_id(self) -> str | None:
        return self.row["folder_id"]  # type: ignore[no-any-return]

    @property
    def models(self) -> list[str]:
        return list(self.row["chat"]["models"])

    @property
    def files(self) -> list[Any]:
        return list(self.row["chat"].get("files") or ())

    @property
    def tags(self) -> set[str]:
        return set(self.row["meta"].get("tags") or ())

    @property
    def messages(self) -> dict[str, Any]:
        return dict(self.row["chat"]["history"]["messages"])

    @property
    def answers(self) -> list[Any]:
        return [message for message in self.messages.values() if message["role"] == "assistant"]

    @property
    def shown(self) -> list[Any]:
        """The messages that the page shows, from the first to the last."""
        id = self.row["chat"]["history"]["currentId"]
        path: list[Any] = []
        while id:
            path.insert(0, self.messages[id])
            id = self.messages[id]["parentId"]
        return path

    def text(self, message: Any) -> str:
        """What an answer says; 0.10.2 has it in `output` alone."""
        parts = [part for item in message.get("output") or () for part in item.get("content") or ()]
        return str(message["content"] or "".join(part["text"] for part in parts))


def chat_of(server: Server, chat_id: str) -> Chat:
    """The chat of that id."""
    return Chat(server.get(f"/api/v1/chats/{chat_id}"))


def chats_titled(server: Server, title: str) -> list[Any]:
    """Chats that have that title."""
    rows = server.get("/api/v1/chats/?include_folders=true&include_pinned=true")
    return [row for row in rows if row["title"] == title]


def asked(provider: httpx.Client, words: str) -> list[Any]:
    """Bodies of the requests that ask something with `words` in it; what the server asks on its own does not count."""
    requests = provider.get("/_requests").json()["requests"]
    bodies = [one["body"] for one in requests if one["path"].endswith("/chat/completions")]
    said = [str(body["messages"][-1]["content"]) for body in bodies]
    own = re.compile(r"^### Task:|^Query:", re.MULTILINE)
    return [body for body, text in zip(bodies, said, strict=True) if words in text and not own.search(text)]


def make_knowledge(server: Server, name: str, path: Path) -> None:
    """Makes a knowledge base with one file, as somebody else would."""
    base = server.post("/api/v1/knowledge/create", {"name": name, "description": ""})["id"]
    headers = {"Authorization": f"Bearer {server.project.sandbox.token}"}
    with httpx.Client(base_url=server.project.sandbox.url, headers=headers) as http:
        made = http.post("/api/v1/files/", params={"process": "true"}, files={"file": (path.name, path.read_bytes())})
    id = made.raise_for_status().json()["id"]
    while server.get(f"/api/v1/files/{id}/process/status")["status"] in ("pending", "processing"):
        time.sleep(0.05)
    server.post(f"/api/v1/knowledge/{base}/file/add", {"file_id": id})


def make_tool(server: Server, name: str) -> None:
    """Makes a tool `weather(city)`, as somebody else would."""
    content = (
        "class Tools:\n"
        "    def weather(self, city: str) -> str:\n"
        '        """\n'
        "        The weather of a city.\n"
        "        :param city: the city\n"
        '        """\n'
        '        return f"sunny in {city}"\n'
    )
    body = {"id": name, "name": name, "content": content, "meta": {"description": "weather", "manifest": {}}}
    server.post("/api/v1/tools/create", body)
