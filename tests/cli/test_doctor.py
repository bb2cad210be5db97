"""`owui-sync doctor`, as a process against a real server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from owui_sync.sandbox import Sandbox
from tests.support.project import Project
from tests.support.proxy import Answer, proxied


@pytest.fixture
def project(tmp_path: Path, open_webui: Sandbox) -> Project:
    return Project(tmp_path, open_webui, f"cli-doctor-{uuid4().hex[:8]}")


@pytest.fixture
def plain(project: Project) -> Iterator[str]:
    """The token of a user without any rights."""
    body = {"name": "P", "email": f"{project.stack}@example.com", "password": "plain-password", "role": "user"}
    row = project.api("POST", "/api/v1/auths/add", body)
    yield row["token"]
    project.api("DELETE", f"/api/v1/users/{row['id']}")


def states(project: Project, code: int, **env: str) -> dict[str, Any]:
    ran = project.run("doctor", "--format", "json", **env)
    assert ran.code == code, ran.err
    assert ran.document["ok"] == (code == 0)
    return {check["name"]: check["state"] for check in ran.document["checks"]}


@pytest.fixture
def private(project: Project) -> Iterator[None]:
    """A prompt that another administrator shares with nobody: who sees it sees everything."""
    body = {"name": "A", "email": f"a-{project.stack}@example.com", "password": "plain-password", "role": "admin"}
    row = project.api("POST", "/api/v1/auths/add", body)
    prompt = {"command": f"a-{project.stack}", "name": "x", "content": "x"}
    id = project.api("POST", "/api/v1/prompts/create", prompt, row["token"])["id"]
    yield
    project.api("DELETE", f"/api/v1/prompts/id/{id}/delete")
    project.api("DELETE", f"/api/v1/users/{row['id']}")


@pytest.mark.usefixtures("private")
def test_a_server_that_can_be_managed_is_found_well(project: Project) -> None:
    assert states(project, 0) == dict.fromkeys(("server", "token", "rights", "stack"), "ok")
    ran = project.run("doctor")
    assert (ran.code, ran.err) == (0, "")
    assert project.sandbox.url in ran.out
    assert "Open WebUI 0.12.4" in ran.out
    assert project.sandbox.admin_email in ran.out
    assert project.sandbox.token not in ran.out


def test_what_the_stack_owns_is_counted_and_other_stacks_are_named(project: Project) -> None:
    project.write(f"prompts: {{p-{project.stack}: {{content: x}}}}\n")
    project.apply()
    assert f"'{project.stack}' owns 1 objects" in project.run("doctor", "--stack", project.stack).out
    assert project.stack in project.run("doctor", "--stack", "another").out
    project.write("")
    project.apply()


def test_nothing_is_changed(project: Project) -> None:
    with proxied(project.sandbox) as (sandbox, proxy):
        assert states(replace(project, sandbox=sandbox), 0)
        assert proxy.writes == []


def test_a_wrong_token_is_told_after_the_server_was_found(project: Project) -> None:
    assert states(project, 1, OWUI_TOKEN="sk-wrong") == {"server": "ok", "token": "failed"}
    ran = project.run("doctor", OWUI_TOKEN="sk-wrong")
    assert "OWUI_TOKEN" in ran.out
    assert "sk-wrong" not in ran.out + ran.err


def test_the_token_of_a_plain_user_is_not_enough(project: Project, plain: str) -> None:
    assert states(project, 1, OWUI_TOKEN=plain) == {"server": "ok", "token": "failed"}
    assert "(user)" in project.run("doctor", OWUI_TOKEN=plain).out


def test_no_server_is_the_only_thing_told(project: Project) -> None:
    assert states(project, 69, OWUI_URL="http://127.0.0.1:9") == {"server": "failed"}
    assert "127.0.0.1:9" in project.run("doctor", OWUI_URL="http://127.0.0.1:9").out


def test_without_a_url_it_is_wrong_use(project: Project) -> None:
    ran = project.run("doctor", "--url", "")
    assert ran.code == 64
    assert "URL" in ran.err


def test_a_version_that_is_not_tested_is_a_warning(project: Project) -> None:
    with proxied(project.sandbox) as (sandbox, proxy):
        newer = Answer(200, b'{"version": "0.99.0", "deployment_id": ""}')
        proxy.rule = lambda method, path: newer if path == "/api/version" else None
        assert states(replace(project, sandbox=sandbox), 0)["server"] == "warning"


def test_rights_that_are_kept_back_are_told(project: Project) -> None:
    with proxied(project.sandbox) as (sandbox, proxy):
        short = Answer(200, b'{"items": [], "total": 7}')
        proxy.rule = lambda method, path: short if path.startswith("/api/v1/prompts/list") else None
        assert states(replace(project, sandbox=sandbox), 1)["rights"] == "failed"


def test_a_lock_is_told_with_its_holder(project: Project) -> None:
    mark = {"nonce": "1", "expires_at": 1, "holder": {"user": "bob", "host": "far", "pid": 7}}
    row = {"id": f"owui-sync.lock.{project.stack}", "name": "x", "params": {}, "is_active": False}
    project.api("POST", "/api/v1/models/create", {**row, "meta": {"owui_sync": mark}})
    out = project.run("doctor", "--stack", project.stack).out
    project.run("state", "unlock", "--stack", project.stack)
    assert "locked by bob on far, process 7" in out
