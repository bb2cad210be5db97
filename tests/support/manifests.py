"""One manifest of groups, prompts and models that every tested version can keep, and ways to edit it."""

from __future__ import annotations

from typing import Any

from tests.support.project import Project
from tests.support.server import Server

_GROUP = """
groups:
  {g}:
    description: People who answer tickets
    permissions:
      workspace: {{prompts: true, models: false}}
    members: [{admin}]
"""
_PROMPT = """
prompts:
  {p}:
    name: Triage
    content: "Sort this: {{{{ticket}}}}"
    access: {{read: {{groups: [{g}]}}, write: {{users: [{admin}]}}}}
"""
_PROMPT_SINCE_0_8 = """
    tags: [one, two]
    active: true
"""
_MODEL = """
models:
  {m}:
    name: Bot
    base: gpt-4.1
    description: Answers
    system: Be brief.
    params: {{temperature: 0.2, max_tokens: 10}}
    capabilities: {{vision: false}}
    suggestions: [How?, Why?]
    tags: [x]
    image: "data:image/png;base64,iVBORw0KGgo="
    active: true
    hidden: false
    meta: {{team: support}}
    access: public
"""


def everything(server: Server, names: dict[str, Any]) -> str:
    """A manifest with every field that the server's version can keep."""
    prompt = _PROMPT if server.old else _PROMPT.rstrip("\n") + _PROMPT_SINCE_0_8
    return (_GROUP + prompt + _MODEL).format(**names)


def edit(project: Project, old: str, new: str) -> None:
    """Replaces the one place with that text in the project's manifest."""
    path = project.folder / "manifest.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")
