"""A manifest with one of every kind, in several states, and what of it is on the server, read past our client."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.job_chats import last_user, text_of
from tests.support.project import Project

_MANIFEST = """
users:
  u-{m}@example.com: {{name: "{text} {m}", role: user, password: !secret FAULTS_PASSWORD}}
groups:
  g-{m}: {{description: {text}, members: [u-{m}@example.com], permissions: {{workspace: {{prompts: true}}}}}}
permissions:
  chat: {{delete: false}}
knowledge:
  k-{m}:
    description: {text}
    access: {{read: {{groups: [g-{m}]}}}}
    files:
      - {{name: a-{m}.md, content: "Of {m}, in {text}"}}
      - {{name: {text}-{m}.md, content: "Of {m}, only in {text}"}}
models:
  m-{m}: {{base: gpt-4.1, system: {text}, knowledge: [k-{m}], access: {{read: {{groups: [g-{m}]}}}}}}
  gpt-4.1-mini: {{access: {{read: {{groups: [g-{m}]}}}}}}
access_rules:
  - {{models: ["claude-*"], access: {{read: {{groups: [g-{m}]}}}}}}
prompts:
  p-{m}: {{content: {text}, access: {{read: {{groups: [g-{m}]}}}}}}
notes:
  n-{m}: {{content: {text}}}
folders:
  f-{m}: {{system: {text}}}
  f-{m}/inner-{m}: {{system: {text}, knowledge: [k-{m}]}}
automations:
  s-{m}: {{prompt: {text}, model: gpt-4.1, schedule: "0 7 * * *"}}
jobs:
  j-{m}: {{chat: {{model: m-{m}, prompt: "Question of {m} in {text}"}}, title: j-{m}}}
"""
PASSWORD = {"FAULTS_PASSWORD": "initial-Password-1"}
_ROWS_OF_PROVIDERS = ("gpt-4.1-mini", "claude-sonnet")


@dataclass(frozen=True, slots=True)
class Mixture:
    """One of every kind, whose names have the project's stack in them.

    Args:
        project: whose folder and server.
        states: the states so far, oldest first; an answer of a job stays when its question changes.
    """

    project: Project
    states: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """What all names have in them."""
        return self.project.stack

    def write(self) -> None:
        """Write the manifest of the last state, which is empty for the state ``."""
        text = self.states[-1]
        self.project.write(_MANIFEST.format(m=self.mark, text=text) if text else "prompts: {}\n")

    def wanted(self) -> list[str]:
        """Return what has to be on the server now, sorted; a user is released and never deleted."""
        text = self.states[-1]
        chats = [f"chat {state}" for state in self.states if state]
        if not text:
            return sorted([*chats, "inventory", "user"])
        texts = ("group", "knowledge", "model", "prompt", "note", "folder", "inner folder", "automation")
        files = [f"file {self.mark}, in {text}", f"file {self.mark}, only in {text}"]
        rows = [f"row {id}" for id in _ROWS_OF_PROVIDERS]
        return sorted(
            [*(f"{kind} {text}" for kind in texts), *chats, *files, *rows, "inventory", "no deleting", "user"]
        )

    def found(self) -> list[str]:
        """Return what is on the server, in the words of `wanted`; what nobody wants has words of its own."""
        return sorted([*self._objects(), *self._files(), *self._of_everybody()])

    def asked(self) -> Counter[str]:
        """Return how often models were asked the question of each state, since the provider started."""
        rows = httpx.get(f"{self.project.sandbox.provider_url}/_requests", timeout=60).json()["requests"]
        asked = [last_user(row["body"]) for row in rows if row["path"].endswith("/chat/completions")]
        return Counter(question for question in asked if f"Question of {self.mark} in " in question)

    def forget(self) -> None:
        """Delete what outlives a stack: the user and the chats."""
        for row in self._chats():
            self.project.api("DELETE", f"/api/v1/chats/{row['id']}")
        for row in self._ours(self._all("users", "/api/v1/users/?"), "email"):
            self.project.api("DELETE", f"/api/v1/users/{row['id']}")

    def _get(self, path: str) -> Any:
        return self.project.api("GET", f"/api/v1/{path}")

    def _ours(self, rows: Iterable[Any], name: str = "name") -> Iterator[Any]:
        return (row for row in rows if self.mark in row[name])

    def _all(self, of: str, path: str) -> list[Any]:
        """All rows of a list in pages."""
        rows: list[Any] = []
        page = 1
        while found := self.project.api("GET", f"{path}&page={page}")[of]:
            rows, page = rows + found, page + 1
        return rows

    def _objects(self) -> Iterator[str]:
        for _ in self._ours(self._all("users", "/api/v1/users/?"), "email"):
            yield "user"
        for row in self._ours(self._get("groups/")):
            yield f"group {row['description']}"
        for row in self._ours(self._get("prompts/"), "command"):
            yield f"prompt {row['content']}"
        for row in self._ours(self._get("notes/"), "title"):
            yield f"note {row['data']['content']['md']}"
        for row in self._ours(self._get("folders/")):
            folder = self._get(f"folders/{row['id']}")
            yield f"{'inner ' if folder['parent_id'] else ''}folder {folder['data']['system_prompt']}"
        for row in self._ours(self._get("automations/list")["items"]):
            yield f"automation {row['data']['prompt']}"
        for row in self._get("models/export") + self._get("models/base"):
            if self.mark in row["id"]:
                is_lock = row["id"].startswith("owui-sync.lock.")
                yield f"lock {row['id']}" if is_lock else f"model {row['params'].get('system')}"
        for row in self._chats():
            messages = list(self._get(f"chats/{row['id']}")["chat"]["history"]["messages"].values())
            questions = [text_of(one) for one in messages if one["role"] == "user"]
            answered = len(questions) == 1 and any(text_of(one) for one in messages if one["role"] == "assistant")
            yield f"chat {questions[0].rpartition(' ')[2]}" if answered else "chat that is not right"

    def _chats(self) -> list[Any]:
        return list(self._ours(self._get("chats/?include_folders=true&include_pinned=true"), "title"))

    def _files(self) -> Iterator[str]:
        """Files: those of the knowledge base, the inventory, and what belongs to nothing."""
        held = []
        for base in self._ours(self._all("items", "/api/v1/knowledge/?")):
            yield f"knowledge {base['description']}"
            held += [row["id"] for row in self._get(f"knowledge/{base['id']}/files?limit=1000")["items"]]
        for row in self._ours(self._all("items", "/api/v1/files/?content=false"), "filename"):
            if row["id"] in held:
                held.remove(row["id"])
                text = self._get(f"files/{row['id']}")["data"]["content"]
                yield f"file {text.removeprefix('Of ')}"
            else:
                yield "inventory" if row["filename"].endswith(".inventory.json") else f"orphan {row['filename']}"
        yield from (f"file {id} twice or without a row" for id in held)

    def _of_everybody(self) -> Iterator[str]:
        """What is there once on a server: rows of providers' models, and the default permissions."""
        for row in self._get("models/base"):
            if row["id"] in _ROWS_OF_PROVIDERS:
                yield f"row {row['id']}"
        if not self._get("users/default/permissions")["chat"]["delete"]:
            yield "no deleting"
