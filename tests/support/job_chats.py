"""Jobs on a real server, seen past our client: which chats there are, and what the provider was asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.project import Project


@dataclass(frozen=True, slots=True)
class JobChats:
    """The chats of one project's jobs."""

    project: Project

    def asked(self, words: str) -> int:
        """How often a model was asked something with these words (titles and the like left out)."""
        return sum(words in question for question in self.questions())

    def questions(self) -> list[str]:
        """What models were asked, oldest first."""
        rows = httpx.get(f"{self.project.sandbox.provider_url}/_requests", timeout=60).json()["requests"]
        return [last_user(row["body"]) for row in rows if row["path"].endswith("/chat/completions")]

    def script(self, **rule: Any) -> None:
        """What the provider does with the next requests that fit."""
        assert httpx.post(f"{self.project.sandbox.provider_url}/_script", json=rule, timeout=60).status_code == 200

    def reset(self) -> None:
        """The provider forgets what it was told and asked."""
        assert httpx.post(f"{self.project.sandbox.provider_url}/_reset", timeout=60).status_code == 200

    def get(self, chat_id: str) -> dict[str, Any]:
        """A chat."""
        chat: dict[str, Any] = self.project.api("GET", f"/api/v1/chats/{chat_id}")
        return chat

    def all(self, name: str) -> list[dict[str, Any]]:
        """The chats that are runs of a job, clones left out, archived ones included."""
        listed = self.project.api("GET", "/api/v1/chats/?include_folders=true&include_pinned=true")
        rows = [*listed, *self.project.api("GET", "/api/v1/chats/archived")]
        chats = [self.get(row["id"]) for row in rows]
        return [chat for chat in chats if self._is_run(chat, name)]

    def _is_run(self, chat: dict[str, Any], name: str) -> bool:
        own = (chat["chat"].get("meta") or {}).get("owui_job") or {}
        is_ours = (own.get("stack"), own.get("job")) == (self.project.stack, name)
        return is_ours and not chat["chat"].get("originalChatId")


def last_user(body: dict[str, Any]) -> str:
    """The question of a request to the provider, without the tasks that the server asks for by itself."""
    texts = [message["content"] for message in body.get("messages") or [] if message.get("role") == "user"]
    text = texts[-1] if texts else ""
    text = text if isinstance(text, str) else json.dumps(text)
    return "" if "<chat_history>" in text else text


def turns(chat: dict[str, Any]) -> list[tuple[str, str]]:
    """Role and text of the messages down to the one that the page shows."""
    found: list[tuple[str, str]] = []
    history = chat["chat"]["history"]
    id = history["currentId"]
    while id:
        message = history["messages"][id]
        found.insert(0, (message["role"], text_of(message)))
        id = message.get("parentId")
    return found


def text_of(message: dict[str, Any]) -> str:
    """What a message says; 0.10 keeps the text of answers in `output`."""
    parts = [part for item in message.get("output") or [] for part in item.get("content") or []]
    return message.get("content") or "".join(part.get("text", "") for part in parts)
