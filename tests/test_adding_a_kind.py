"""The recipe of docs/adding-a-kind.md, followed in a copy of the package and on a real server."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import owui_sync
from tests.support.project import Project, changes

PAGE = (Path(__file__).parents[1] / "docs" / "adding-a-kind.md").read_text(encoding="utf-8")
MODULES = re.findall(r"^```python\n# src/(\S+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
REGISTRY = "owui_sync/kinds/__init__.py"
SETTINGS = "/api/v1/auths/admin/config"
CHANNELS = "/api/v1/channels/list"
MANIFEST = """
channels:
  Tickets-{mark}:
    description: {description}
    access: public
"""


@dataclass(frozen=True, slots=True)
class Tool:
    """The command line of a package with one more kind."""

    source: Path
    project: Project

    def run(self, *words: str) -> str:
        """Run a command, which must succeed; return what it prints.

        It needs a process: the registry is read when modules are imported. The copy is gone when coverage is reported.
        """
        env = {name: value for name, value in self.project.env.items() if not name.startswith("COVERAGE")}
        ran = subprocess.run(
            [sys.executable, "-m", "owui_sync", *words],
            cwd=self.project.folder,
            env={**env, "PYTHONPATH": str(self.source)},
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, ran.stderr + ran.stdout
        return ran.stdout

    def changes(self, command: str, *words: str) -> dict[str, str]:
        """Run `plan` or `apply` on the folder of the project; return address -> action."""
        return changes(json.loads(self.run(command, ".", "--format", "json", *words)))


@pytest.fixture
def tool(tmp_path_factory: pytest.TempPathFactory, project: Project) -> Tool:
    """The package after steps 2, 3 and 4 of the page."""
    source = tmp_path_factory.mktemp("source")
    shutil.copytree(Path(owui_sync.__file__).parent, source / "owui_sync", ignore=shutil.ignore_patterns("*.pyc"))
    for path, text in MODULES:
        assert not (source / path).exists(), f"{path} is there already: the page needs another kind"
        (source / path).write_text(text, encoding="utf-8")
    registry = source / REGISTRY
    text = registry.read_text(encoding="utf-8")
    text = text.replace("\n_ALL:", "from owui_sync.kinds.channel import Channel\n\n_ALL:")
    text = re.sub(r"(\n_ALL: [^\n]* = \(\n.*?)\n\)", r"\1\n    Channel(),\n)", text, flags=re.DOTALL)
    registry.write_text(text, encoding="utf-8")
    return Tool(source, project)


@pytest.fixture
def channels_enabled(project: Project) -> Iterator[None]:
    """Enable channels in the server's settings. An API key may not send the settings of MFA."""
    settings = {name: value for name, value in project.api("GET", SETTINGS).items() if "MFA" not in name}
    project.api("POST", SETTINGS, {**settings, "ENABLE_CHANNELS": True})
    yield
    project.api("POST", SETTINGS, settings)


def named(project: Project, key: str) -> list[dict[str, Any]]:
    """Return the channels of that name, as the server has them."""
    return [row for row in project.api("GET", CHANNELS) if row["name"] == key]


@pytest.mark.usefixtures("channels_enabled")
def test_the_kind_of_the_page_is_managed_from_its_creation_to_its_deletion(tool: Tool, project: Project) -> None:
    mark = project.stack[-8:]
    key = f"tickets-{mark}"
    assert "What the channel is about." in tool.run("explain", "channel.description")

    project.write(MANIFEST.format(mark=mark, description="Open tickets"))
    assert tool.changes("apply", "--yes") == {f"channel/{key}": "create"}
    (created,) = named(project, key)
    assert created["description"] == "Open tickets"
    assert [(grant["permission"], grant["principal_id"]) for grant in created["access_grants"]] == [("read", "*")]

    project.write(MANIFEST.format(mark=mark, description="All tickets"))
    assert tool.changes("apply", "--yes") == {f"channel/{key}": "update"}
    (changed,) = named(project, key)
    assert (changed["id"], changed["description"]) == (created["id"], "All tickets")
    assert len(changed["access_grants"]) == 1
    assert tool.changes("plan") == {}

    project.write("")
    assert tool.changes("apply", "--yes") == {f"channel/{key}": "delete"}
    assert named(project, key) == []
