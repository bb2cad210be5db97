"""A saved plan belongs to one server of one version: at the same address another one gets nothing of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from owui_sync.pytest_plugin import OpenWebUIFactory
from owui_sync.sandbox import down, restart
from tests.support.project import Project

pytestmark = pytest.mark.slow

MANIFEST = """
groups:
  Support: {{description: {text}}}
prompts:
  triage: {{content: {text}, access: {{read: {{groups: [Support]}}}}}}
knowledge:
  Handbook: {{description: {text}}}
"""
NEW = "notes:\n  List: {content: new}\n"


def stored(project: Project) -> dict[str, Any]:
    """What the server has: objects, files (inventories among them) and models (locks among them)."""
    paths = ("groups/", "prompts/", "knowledge/", "notes/", "files/", "models/export", "models/base")
    return {path: project.api("GET", f"/api/v1/{path}") for path in paths}


def test_at_the_address_of_the_server_that_it_was_made_for_another_one_refuses_it(
    tmp_path: Path, open_webui_factory: OpenWebUIFactory
) -> None:
    first = open_webui_factory()
    project = Project(tmp_path, first, "elsewhere")
    project.write(MANIFEST.format(text="old"))
    project.apply()
    project.write(MANIFEST.format(text="new") + NEW)
    assert project.run("plan", ".", "--out", "plan.json").code == 0
    down(first.name)
    second = open_webui_factory(port=urlsplit(first.url).port)
    assert second.url == first.url
    other = Project(tmp_path, second, "elsewhere")
    # All else is as the plan saw it.
    other.write(MANIFEST.format(text="old"))
    other.apply()
    other.write(MANIFEST.format(text="new") + NEW)
    before = stored(other)
    ran = other.run("apply", "plan.json", "--yes")
    assert ran.code == 4, ran.out + ran.err
    assert "another instance of Open WebUI" in ran.err
    assert stored(other) == before


def test_the_same_server_refuses_it_after_an_upgrade(tmp_path: Path, open_webui_factory: OpenWebUIFactory) -> None:
    old = open_webui_factory(version="0.11.4")
    project = Project(tmp_path, old, "elsewhere")
    project.write(MANIFEST.format(text="old"))
    project.apply()
    project.write(MANIFEST.format(text="new") + NEW)
    assert project.run("plan", ".", "--out", "plan.json").code == 0
    upgraded = Project(tmp_path, restart(old.name, version="0.12.4"), "elsewhere")
    assert upgraded.sandbox.url == old.url
    before = stored(upgraded)
    ran = upgraded.run("apply", "plan.json", "--yes")
    assert ran.code == 4, ran.out + ran.err
    assert "0.11.4" in ran.err
    assert "0.12.4" in ran.err
    assert stored(upgraded) == before
    upgraded.apply()
    assert upgraded.plan()["changes"] == []
