"""Several administrators, and administrators who go."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from owui_sync.plan.file.digests import sealed
from owui_sync.plan.inventory import Inventory, file_name
from owui_sync.plan.types import InventoryEntry
from tests.support.people import Person, demote, join, leave
from tests.support.project import Project, changes
from tests.support.server import Server


@pytest.fixture
def second(project: Project, unique: str) -> Iterator[Person]:
    """Another administrator."""
    person = join(project, unique, "admin")
    yield person
    leave(project, person)


def owned(project: Project) -> set[str]:
    ran = project.run("state", "list", "--format", "json", "--stack", project.stack)
    return {f"{row['kind']}/{row['key']}" for row in ran.document["objects"]} if ran.code == 0 else set()


def serial(project: Project) -> int:
    number: int = project.run("state", "list", "--format", "json", "--stack", project.stack).document["serial"]
    return number


def notes(project: Project, token: str, title: str) -> list[Any]:
    found = project.api("GET", "/api/v1/notes/search?view_option=created", token=token)
    return [row for row in found["items"] if row["title"] == title]


def test_the_notes_and_folders_of_one_administrator_are_left_alone_by_another(
    project: Project, second: Person, unique: str
) -> None:
    mine = f"notes: {{{unique}: {{content: x}}}}\nfolders: {{{unique}: {{system: s}}}}\n"
    project.write(f"{mine}prompts: {{{unique}: {{content: x}}}}\n")
    project.apply()
    document = second.project.plan()
    assert changes(document) == {}
    assert any(
        f"note/{unique}" in warning and f"folder/{unique}" in warning and project.sandbox.admin_email in warning
        for warning in document["warnings"]
    )
    project.write(f"{mine}prompts: {{{unique}: {{content: y}}}}\n")
    assert changes(second.project.apply()) == {f"prompt/{unique}": "update"}
    project.write(f"prompts: {{{unique}: {{content: y}}}}\n")
    assert changes(second.project.apply()) == {}, "what is no longer written is its owner's to delete"
    assert owned(project) == {f"note/{unique}", f"folder/{unique}", f"prompt/{unique}"}
    assert (len(notes(project, project.sandbox.token, unique)), notes(project, second.token, unique)) == (1, [])
    assert changes(project.plan()) == {f"note/{unique}": "delete", f"folder/{unique}": "delete"}
    project.run("destroy", "--yes", "--stack", project.stack)


def test_an_inventory_whose_author_is_gone_is_told_and_taken_over(
    project: Project, server: Server, second: Person, unique: str
) -> None:
    project.write(f"groups: {{{unique}: {{}}}}\nprompts: {{{unique}-a: {{content: x}}, {unique}-b: {{content: x}}}}\n")
    second.project.apply()
    before, number = owned(project), serial(project)
    leave(project, second)
    document = project.plan()
    assert set(changes(document).values()) == {"adopt"}
    told = f"`owui-sync state adopt --stack {project.stack}`"
    assert any("an account that is gone" in warning and told in warning for warning in document["warnings"])
    assert told in project.run("doctor", ".").out
    assert project.run("state", "adopt", "--yes", "--stack", project.stack).code == 64
    stale = project.run("state", "adopt", "--yes", "--expect", str(number + 1), "--stack", project.stack)
    assert (stale.code, f"serial {number}" in stale.err) == (4, True)
    ran = project.run("state", "adopt", "--yes", "--expect", str(number), "--stack", project.stack)
    assert ran.code == 0, ran.err
    assert f"serial {number}" in ran.out
    assert owned(project) == before
    project.write(f"groups: {{{unique}: {{}}}}\n")
    document = project.plan()
    assert document["warnings"] == []
    assert changes(document) == {f"prompt/{unique}-a": "delete", f"prompt/{unique}-b": "delete"}
    project.run("destroy", "--yes", "--stack", project.stack)
    assert not [name for name in server.prompts() if name.startswith(unique)]


def test_after_a_demotion_only_what_the_author_made_is_taken_over(
    project: Project, server: Server, second: Person, unique: str
) -> None:
    project.write(f"prompts: {{{unique}-a: {{content: x}}, {unique}-b: {{content: x}}}}\n")
    second.project.apply()
    project.write(f"prompts: {{{unique}-a: {{content: x}}, {unique}-b: {{content: x}}, {unique}-c: {{content: x}}}}\n")
    server.create_prompt(f"{unique}-c", "c", "x", set())
    second.project.apply()
    number = serial(project)
    demote(project, second)
    ran = project.run("state", "adopt", "--yes", "--expect", str(number), "--stack", project.stack)
    assert ran.code == 0, ran.err
    assert f"{second.email}, who is no administrator now" in ran.out
    assert f"prompt/{unique}-c  not taken over: was made by {project.sandbox.admin_email}" in ran.out
    assert owned(project) == {f"prompt/{unique}-a", f"prompt/{unique}-b"}
    assert changes(project.plan()) == {f"prompt/{unique}-c": "adopt"}
    project.run("destroy", "--yes", "--stack", project.stack)


def test_a_planted_inventory_claims_nothing_that_its_author_did_not_make(
    project: Project, server: Server, unique: str
) -> None:
    other = replace(project, folder=project.folder / "other", stack=f"{project.stack[:40]}-other")
    other.write(f"prompts: {{{unique}-theirs: {{content: x}}}}\n")
    other.apply()
    server.create_prompt(f"{unique}-nobodys", "n", "x", set())
    ids = {name: row.get("id") or name for name, row in server.prompts().items() if name.startswith(unique)}
    user = join(project, unique, "user")
    users = {row["email"]: row["id"] for row in project.api("GET", "/api/v1/users/all")["users"]}
    records = {f"prompt/{command}": InventoryEntry(id) for command, id in ids.items()}
    records[f"user/{project.sandbox.admin_email}"] = InventoryEntry(users[project.sandbox.admin_email], {"role": "x"})
    records["permissions/default"] = InventoryEntry("default", {"chat.delete": "x"})
    planted = Inventory(project.stack, 7, records=records).to_json()
    httpx.post(
        f"{project.sandbox.url}/api/v1/files/",
        params={"process": False},
        files={"file": (file_name(project.stack), planted)},
        headers={"Authorization": f"Bearer {user.token}"},
    ).raise_for_status()
    ran = project.run("state", "adopt", "--yes", "--expect", "7", "--stack", project.stack)
    assert ran.code == 0, ran.err
    assert f"prompt/{unique}-theirs  not taken over: belongs to stack" in ran.out
    assert f"prompt/{unique}-nobodys  not taken over: was made by" in ran.out
    assert owned(project) == set()
    leave(project, user)
    other.run("destroy", "--yes", "--stack", other.stack)


@pytest.mark.parametrize("text", ["users: {%s: {role: user}}", "users: {%s: {role: pending}}", "absent: {users: [%s]}"])
def test_no_plan_locks_its_own_administrator_out_unawares(project: Project, text: str) -> None:
    project.write(text % project.sandbox.admin_email)
    ran = project.run("plan", ".")
    assert ran.code == 5
    assert "manifest.yaml:3:" in ran.err
    assert "--allow-lockout" in ran.err
    assert project.run("apply", ".", "--yes").code == 5
    assert project.run("plan", ".", "--allow-lockout").code == 0


def test_another_administrator_may_not_touch_the_first_account(project: Project, second: Person) -> None:
    project.write(f"users: {{{project.sandbox.admin_email}: {{role: user}}}}")
    ran = second.project.run("plan", ".")
    assert (ran.code, "primary administrator" in ran.err) == (5, True)
    project.write(f"users: {{{second.email}: {{role: user}}}}")
    assert second.project.run("plan", ".").code == 5
    assert project.run("plan", ".").code == 0


@pytest.mark.parametrize(
    ("key", "value", "words"), [("instance", "sha256:other", "another instance"), ("version", "0.0.1", "0.0.1")]
)
def test_a_saved_plan_is_for_one_instance_and_version(
    project: Project, server: Server, unique: str, key: str, value: str, words: str
) -> None:
    project.write(f"prompts: {{{unique}: {{content: x}}}}\n")
    assert project.run("plan", ".", "--out", "plan.json").code == 0
    path = Path(project.folder / "plan.json")
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["server"]["instance"].startswith("sha256:")
    document["server"][key] = value
    path.write_text(json.dumps(sealed(document)), encoding="utf-8")
    ran = project.run("apply", "plan.json", "--yes")
    assert (ran.code, words in ran.err) == (4, True)
    assert unique not in server.prompts()


def test_a_saved_plan_of_notes_is_for_the_account_that_made_it(project: Project, second: Person, unique: str) -> None:
    project.write(f"notes: {{{unique}: {{content: x}}}}\n")
    assert project.run("plan", ".", "--out", "plan.json").code == 0
    ran = second.project.run("apply", "plan.json", "--yes")
    assert (ran.code, "token of another account" in ran.err) == (4, True)
    assert project.run("apply", "plan.json", "--yes").code == 0
    project.run("destroy", "--yes", "--stack", project.stack)
