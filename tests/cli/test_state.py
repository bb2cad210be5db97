"""`owui-sync state`, as a process against a real server."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from owui_sync.sandbox import Sandbox
from tests.support.project import Project, Ran, changes


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory, open_webui: Sandbox) -> Iterator[Project]:
    """A stack of a group and a prompt. Tests only look at it."""
    project = Project(tmp_path_factory.mktemp("state"), open_webui, f"cli-state-{uuid4().hex[:8]}")
    s = project.stack
    project.write(f"groups: {{g-{s}: {{}}}}\nprompts: {{p-{s}: {{content: x, tags: [a]}}}}\n")
    project.apply()
    yield project
    project.write("")
    project.apply()


def state(project: Project, *words: str, **env: str) -> Ran:
    return project.run("state", *words, OWUI_STACK=project.stack, **env)


def test_list_names_every_object_with_its_id(applied: Project) -> None:
    prompt, group = applied.prompts()[f"p-{applied.stack}"], applied.groups()[f"g-{applied.stack}"]
    ran = state(applied, "list")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        f"group/g-{applied.stack}  {group['id']}",
        f"prompt/p-{applied.stack}  {prompt['id']}",
    ]
    document = state(applied, "list", "--format", "json").document
    assert (document["format"], document["stack"]) == (1, applied.stack)
    assert {"kind": "prompt", "key": f"p-{applied.stack}", "id": prompt["id"]} in document["objects"]


def test_the_stack_may_come_from_option_or_configuration(applied: Project, tmp_path: Path) -> None:
    expected = state(applied, "list").out
    assert applied.run("state", "list", "--stack", applied.stack).out == expected
    (tmp_path / "owui-sync.yaml").write_text(f"version: 1\nstack: {applied.stack}\n", encoding="utf-8")
    assert Project(tmp_path, applied.sandbox, "x").run("state", "list").out == expected


def test_a_stack_that_was_never_applied_is_an_error_with_those_that_were(applied: Project) -> None:
    ran = applied.run("state", "list", "--stack", "never-applied")
    assert (ran.code, ran.out) == (1, "")
    assert "'never-applied'" in ran.err
    assert applied.stack in ran.err


def test_show_tells_what_was_applied_by_fingerprint(applied: Project) -> None:
    address = f"prompt/p-{applied.stack}"
    out = state(applied, "show", address).out
    assert [line.split()[1] for line in out.splitlines() if line.startswith("  field")] == ["content", "tags"]
    document = state(applied, "show", address, "--format", "json").document
    assert (document["id"], sorted(document["fields"])) == (
        applied.prompts()[f"p-{applied.stack}"]["id"],
        ["content", "tags"],
    )


def test_a_kind_may_be_written_as_its_section(applied: Project) -> None:
    ran = state(applied, "show", f"prompts/p-{applied.stack}", "--format", "json")
    assert ran.document["address"] == f"prompt/p-{applied.stack}"
    assert state(applied, "show", f"prompts/p-{applied.stack}").out.startswith(f"prompt/p-{applied.stack}\n")


@pytest.mark.parametrize("command", ["show", "forget"])
def test_what_the_stack_does_not_own_gets_a_suggestion(applied: Project, command: str) -> None:
    ran = state(applied, command, f"prompt/q-{applied.stack}")
    assert (ran.code, ran.out) == (1, "")
    assert f"did you mean `prompt/p-{applied.stack}`?" in ran.err


def test_what_is_forgotten_stays_on_the_server_and_can_be_adopted_again(applied: Project, tmp_path: Path) -> None:
    project = Project(tmp_path, applied.sandbox, f"{applied.stack}-forget")
    address = f"prompt/f-{project.stack}"
    project.write(f"prompts: {{f-{project.stack}: {{content: x}}}}\n")
    project.apply()
    assert address in state(project, "forget", address).out
    assert state(project, "list").out == ""
    assert changes(project.plan()) == {address: "adopt"}
    project.write("")
    assert changes(project.apply()) == {}
    assert f"f-{project.stack}" in project.prompts()
    project.write(f"absent: {{prompts: [f-{project.stack}]}}\n")
    project.apply()


def test_forgetting_waits_for_nobody(applied: Project, tmp_path: Path) -> None:
    mark = {"nonce": "1", "expires_at": time.time() + 25, "holder": {"user": "bob", "host": "far", "pid": 7}}
    row = {"id": f"owui-sync.lock.{applied.stack}", "name": "x", "params": {}, "is_active": False}
    applied.api("POST", "/api/v1/models/create", {**row, "meta": {"owui_sync": mark}})
    assert state(applied, "forget", f"prompt/p-{applied.stack}").code == 75
    assert "bob on far, process 7" in state(applied, "unlock").out
    assert state(applied, "unlock").out == f"stack '{applied.stack}' was not locked\n"


def test_an_address_is_needed(applied: Project) -> None:
    assert state(applied, "show").code == 64
    assert state(applied, "no-such-command").code == 64


def test_a_damaged_inventory_is_told_and_the_whole_one_used(applied: Project) -> None:
    name = f"owui-sync.{applied.stack}.inventory.json"
    headers = {"Authorization": f"Bearer {applied.sandbox.token}"}
    url = f"{applied.sandbox.url}/api/v1/files/"
    row = httpx.post(url, params={"process": False}, files={"file": (name, b"{")}, headers=headers).json()
    ran = state(applied, "list", "--format", "json")
    applied.api("DELETE", f"/api/v1/files/{row['id']}")
    assert len(json.loads(ran.out)["objects"]) == 2
    assert row["id"] in ran.err
