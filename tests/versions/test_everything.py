"""The example with one of every kind: apply, plan, export, destroy, on the version under test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from owui_sync.sandbox import Sandbox
from owui_sync.sandbox.install import DEFAULT_VERSION
from owui_sync.sandbox.paths import locked
from tests.support.project import Project, changes

EXAMPLE = Path(__file__).parents[2] / "examples" / "everything"
SETTINGS = "/api/v1/auths/admin/config"


@pytest.fixture
def everything(tmp_path: Path, open_webui: Sandbox) -> Iterator[Project]:
    """A copy of the example; whatever a test leaves is destroyed. Other tests that change the same settings wait."""
    folder = tmp_path / "everything"
    shutil.copytree(EXAMPLE, folder)
    project = Project(folder, open_webui, "everything", {"ALICE_INITIAL_PASSWORD": "alice-password"})
    with locked("pytest-permissions"), locked("pytest-channels"):
        switch_channels(project, on=True)
        yield project
        project.run("destroy", "--yes", "--stack", "everything")
        switch_channels(project, on=False)


def switch_channels(project: Project, on: bool) -> None:
    """Switch channels on or off. An API key may not send the settings of MFA."""
    settings = {name: value for name, value in project.api("GET", SETTINGS).items() if "MFA" not in name}
    project.api("POST", SETTINGS, {**settings, "ENABLE_CHANNELS": on})


def layers(project: Project) -> list[str]:
    """The layers of the example that the version can have."""
    return ["manifests", "newer"] if is_newest(project) else ["manifests"]


def is_newest(project: Project) -> bool:
    return project.sandbox.version == DEFAULT_VERSION


def counts(project: Project) -> dict[str, int]:
    """How many objects the server has, past our client."""
    models = project.api("GET", "/api/v1/models/export")
    knowledge = project.api("GET", "/api/v1/knowledge/?page=1")
    return {
        "groups": len(project.api("GET", "/api/v1/groups/")),
        "prompts": len(project.api("GET", "/api/v1/prompts/")),
        "models": len(models) + len(project.api("GET", "/api/v1/models/base")),
        "knowledge": knowledge["total"] if isinstance(knowledge, dict) else len(knowledge),
        "notes": len(project.api("GET", "/api/v1/notes/")),
        "tools": len(project.api("GET", "/api/v1/tools/export")),
        "functions": len(project.api("GET", "/api/v1/functions/")),
        "folders": len(project.api("GET", "/api/v1/folders/")),
        "channels": len(project.api("GET", "/api/v1/channels/list")),
        **({"skills": len(project.api("GET", "/api/v1/skills/export"))} if is_newest(project) else {}),
    }


def plan(project: Project, *paths: str) -> dict[str, str]:
    ran = project.run("plan", *paths, "--format", "json")
    assert ran.code == 0, ran.err
    return changes(ran.document)


def test_every_kind_is_applied_exported_and_destroyed(everything: Project, tmp_path: Path) -> None:
    before = counts(everything)
    permissions = everything.api("GET", "/api/v1/users/default/permissions")
    applied = everything.run("apply", *layers(everything), "--yes", "--format", "json")
    assert applied.code == 0, applied.err + applied.out
    assert len(changes(applied.document)) == (16 if is_newest(everything) else 12)
    assert applied.document["summary"]["awaited"] == 1
    assert plan(everything, *layers(everything)) == {}
    assert everything.api("GET", "/api/v1/users/default/permissions")["chat"]["delete"] is False

    exported = replace(everything, folder=tmp_path / "exported")
    ran = everything.run("export", "-o", str(exported.folder), "--stack", "everything")
    assert ran.code == 0, ran.err
    assert plan(exported) == {}

    destroyed = everything.run("destroy", "--yes", "--stack", "everything")
    assert destroyed.code == 0, destroyed.err
    assert counts(everything) == before
    assert everything.api("GET", "/api/v1/users/default/permissions") == permissions
    users = {user["email"] for user in everything.api("GET", "/api/v1/users/all")["users"]}
    assert "alice@example.com" in users, "users are released, never deleted"


def test_a_new_line_of_a_file_uploads_that_file_alone(everything: Project) -> None:
    assert everything.run("apply", "--yes").code == 0
    with (everything.folder / "handbook" / "passwords.md").open("a", encoding="utf-8") as file:
        file.write("Or ask the desk.\n")
    assert plan(everything) == {"knowledge/Handbook": "update"}
    assert everything.run("apply", "--yes").code == 0
    assert plan(everything) == {}
