"""A saved plan is applied exactly as it was shown, or refused."""

from __future__ import annotations

import json

import pytest

from tests.support.project import Project, Ran


@pytest.fixture
def command(project: Project) -> str:
    return f"saved-{project.stack[-50:]}"


@pytest.fixture
def saved(project: Project, command: str) -> Project:
    """A plan that changes one prompt and creates another, saved as plan.json."""
    (project.folder / "text.md").write_text("from a file\n", encoding="utf-8")
    project.write(f"prompts:\n  {command}: {{content: old}}\n")
    project.apply()
    project.write(f"prompts:\n  {command}: {{content: new}}\n  {command}-2: {{content: !file text.md}}\n")
    plan = project.run("plan", "manifest.yaml", "--out", "plan.json", "--detailed-exitcode")
    assert plan.code == 2, plan.err
    return project


def apply(project: Project, **env: str) -> Ran:
    return project.run("apply", "plan.json", "--yes", **env)


def test_it_is_applied_exactly_when_nothing_moved(saved: Project, command: str) -> None:
    assert apply(saved).code == 0
    prompts = saved.prompts()
    assert (prompts[command]["content"], prompts[f"{command}-2"]["content"]) == ("new", "from a file\n")
    assert saved.plan()["changes"] == []


def test_it_is_refused_when_an_object_in_it_moved(saved: Project, command: str) -> None:
    row = saved.prompts()[command]
    saved.api("POST", f"/api/v1/prompts/id/{row['id']}/update", {**row, "name": "Somebody was here"})
    ran = apply(saved)
    assert ran.code == 4
    assert f"prompt/{command} was changed since the plan was made" in ran.err
    assert f"{command}-2" not in saved.prompts()


def test_it_is_refused_when_what_it_creates_is_there_by_now(saved: Project, command: str) -> None:
    saved.api("POST", "/api/v1/prompts/create", {"command": f"{command}-2", "name": "x", "content": "x"})
    ran = apply(saved)
    assert ran.code == 4
    assert f"prompt/{command}-2 exists by now" in ran.err
    assert saved.prompts()[command]["content"] == "old"


def test_it_is_refused_when_an_object_in_it_is_gone(saved: Project, command: str) -> None:
    saved.api("DELETE", f"/api/v1/prompts/id/{saved.prompts()[command]['id']}/delete")
    assert apply(saved).code == 4


def test_what_it_does_not_touch_may_move(saved: Project, command: str) -> None:
    saved.api("POST", "/api/v1/prompts/create", {"command": f"{command}-3", "name": "x", "content": "x"})
    assert apply(saved).code == 0


def test_it_is_refused_when_a_file_changed_and_names_the_file(saved: Project, command: str) -> None:
    (saved.folder / "text.md").write_text("other\n", encoding="utf-8")
    ran = apply(saved)
    assert ran.code == 4
    assert "text.md" in ran.err
    assert saved.prompts()[command]["content"] == "old"


def test_it_does_not_apply_twice(saved: Project) -> None:
    assert apply(saved).code == 0
    assert apply(saved).code == 4


def test_it_holds_no_secret_and_gets_it_again_from_the_environment(project: Project, command: str) -> None:
    project.write(f"prompts:\n  {command}: {{content: !secret SYNC_SECRET}}\n")
    secret = "hunter2-in-the-sky"
    ran = project.run("plan", ".", "--out", "plan.json", "-vv", SYNC_SECRET=secret)
    assert ran.code == 0, ran.err
    saved = (project.folder / "plan.json").read_text(encoding="utf-8")
    assert secret not in saved + ran.out + ran.err
    missing = apply(project)
    assert (missing.code, "SYNC_SECRET" in missing.err) == (1, True)
    done = project.run("apply", "plan.json", "--yes", "-vv", SYNC_SECRET=secret)
    assert done.code == 0, done.err
    assert secret not in done.out + done.err
    assert project.prompts()[command]["content"] == secret
    other = project.run("plan", ".", "--format", "json", "-vv", SYNC_SECRET="another-secret")
    assert other.document["changes"][0]["fields"][0]["before"] == {"secret": True, "changed": True}
    assert secret not in other.out + other.err
    assert "another-secret" not in other.out + other.err
    state = project.run("state", "show", f"prompt/{command}", "--stack", project.stack)
    assert secret not in state.out
    found = project.api("GET", f"/api/v1/files/search?filename=owui-sync.{project.stack}.inventory.json")
    assert len(found) == 1
    inventory = project.run("state", "list", "--stack", project.stack, "--format", "json").out
    assert secret not in inventory + json.dumps(found)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 2}', '{"format": 1}'])
def test_what_is_no_plan_is_said_so(project: Project, content: str) -> None:
    (project.folder / "plan.json").write_text(content, encoding="utf-8")
    ran = apply(project)
    assert ran.code == 1
    assert ran.err.startswith("error: ")


def test_the_first_of_a_stack_leaves_nothing_to_do_also_where_secrets_are_in_it(project: Project, command: str) -> None:
    project.write(
        f"models: {{{command}: {{base: gpt-4.1, system: !secret SYSTEM}}}}\n"
        f"jobs: {{j: {{chat: {{model: {command}, prompt: hi}}}}}}\n"
    )
    env = {"SYSTEM": "be brief"}
    assert project.run("plan", ".", "--out", "plan.json", **env).code == 0
    assert project.run("apply", "plan.json", "--yes", **env).code == 0
    plan = project.run("plan", ".", "--detailed-exitcode", **env)
    assert plan.code == 0, plan.out
