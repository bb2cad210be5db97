from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from owui_sync.sandbox import Sandbox
from tests.support.project import Project, changes


@pytest.fixture
def project(tmp_path: Path, open_webui: Sandbox, request: pytest.FixtureRequest) -> Project:
    name = request.node.name.removeprefix("test_").replace("_", "-")[:40]
    return Project(tmp_path, open_webui, f"destroy-{name}", {"BOB": "pass word"})


def apply(project: Project, *, keep: bool = False, prompts: int = 2) -> None:
    some = "".join(f"  p{number}-{project.stack}: {{content: x}}\n" for number in range(prompts))
    project.write(
        f"groups:\n  g-{project.stack}: {{description: d}}\nprompts:\n{some}"
        f"  k-{project.stack}: {{content: x, keep: {str(keep).lower()}}}\n"
        f"users:\n  bob-{project.stack}@example.com: {{name: Bob, role: user, password: !secret BOB}}\n"
    )
    project.apply()


def destroy(project: Project, *words: str) -> Any:
    return project.run("destroy", "--stack", project.stack, *words)


def left(project: Project) -> set[str]:
    """What the server has of the project."""
    names = {*project.prompts(), *project.groups()}
    names |= {user["email"] for user in project.api("GET", "/api/v1/users/all")["users"]}
    return {name for name in names if project.stack in name}


def inventories(project: Project) -> list[str]:
    rows = project.api("GET", "/api/v1/files/?content=false")
    names = [row["filename"] for row in (rows["items"] if isinstance(rows, dict) else rows)]
    return [name for name in names if f".{project.stack}." in name]


def test_everything_that_the_stack_owns_goes_and_nothing_else(project: Project) -> None:
    stranger = f"stranger-{project.stack}"
    project.api("POST", "/api/v1/prompts/create", {"command": stranger, "name": "S", "content": "s"})
    apply(project)
    assert inventories(project)
    ran = destroy(project, "--yes")
    assert ran.code == 0, ran.err
    assert left(project) == {stranger, f"bob-{project.stack}@example.com"}
    assert inventories(project) == []
    assert not [id for id in project.models() if project.stack in id]
    assert "delete" in ran.out
    assert f"owned by stack {project.stack}" in ran.out
    assert set(changes(project.plan()).values()) == {"create", "adopt"}


def test_there_is_no_threshold(project: Project) -> None:
    apply(project, prompts=12)
    ran = destroy(project, "--yes", "--format", "json")
    assert ran.code == 0, ran.err
    assert ran.document["summary"]["delete"] == 14
    assert {change["status"] for change in ran.document["changes"]} == {"done"}


def test_keep_refuses_and_nothing_is_deleted(project: Project) -> None:
    apply(project, keep=True)
    before = left(project)
    ran = destroy(project, "--yes")
    assert ran.code == 5
    assert f"prompt/k-{project.stack}" in ran.err
    assert left(project) == before
    assert inventories(project)


def test_the_selection_counts_and_the_rest_stays_owned(project: Project) -> None:
    apply(project)
    ran = destroy(project, "--yes", "--only", "prompts/p0-*")
    assert ran.code == 0, ran.err
    assert f"p0-{project.stack}" not in left(project)
    assert f"p1-{project.stack}" in left(project)
    assert changes(project.plan()) == {f"prompt/p0-{project.stack}": "create"}


def test_a_stack_that_owns_nothing_is_destroyed_already(project: Project) -> None:
    ran = destroy(project, "--yes")
    assert ran.code == 0, ran.err
    assert "No changes" in ran.out


def test_without_a_terminal_it_needs_yes(project: Project) -> None:
    ran = destroy(project)
    assert ran.code == 64
    assert "pass --yes" in ran.err


def test_on_a_terminal_it_shows_the_plan_and_asks(project: Project) -> None:
    apply(project)
    before = left(project)
    command = [sys.executable, "-m", "owui_sync", "destroy", "--stack", project.stack]
    ours, theirs = os.openpty()
    os.write(ours, b"n\n")
    ran = subprocess.run(command, cwd=project.folder, env=project.env, stdin=theirs, capture_output=True, text=True)
    os.close(ours)
    os.close(theirs)
    assert ran.returncode == 130
    assert f"Destroy stack {project.stack}?" in ran.stderr
    assert f"- prompt/p0-{project.stack}" in ran.stdout
    assert left(project) == before
