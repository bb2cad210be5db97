"""Accounts on a server of any tested version: made, changed, given another address, let go, deleted by name only."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.support.project import Project, causes, changes
from tests.support.server import Server

PASSWORD = "correct horse battery"
IMAGE = "data:image/png;base64,iVBORw0KGgo="


@pytest.fixture
def bob(project: Project) -> str:
    """An address that no other test has."""
    return f"bob-{project.stack[-8:]}@example.com"


@pytest.fixture
def made(project: Project, bob: str) -> Project:
    """A project whose manifest made one user, with the environment that its password is from."""
    project = replace(project, environment={"BOB": PASSWORD})
    project.write(f"users: {{{bob}: {{name: Bob, role: user, password: !secret BOB}}}}")
    project.apply()
    return project


def rows(server: Server) -> dict[str, Any]:
    """E-mail -> user."""
    return {row["email"]: row for row in server.get("/api/v1/users/all")["users"]}


def signs_in(project: Project, email: str, password: str = PASSWORD) -> bool:
    body = {"email": email, "password": password}
    return httpx.post(f"{project.sandbox.url}/api/v1/auths/signin", json=body, timeout=60).status_code == 200


def change(server: Server, email: str, **change: Any) -> None:
    """Changes an account as the web page does."""
    row = server.get(f"/api/v1/users/{rows(server)[email]['id']}")
    body = {name: row[name] for name in ("role", "name", "email", "profile_image_url")}
    server.post(f"/api/v1/users/{row['id']}/update", body | change)


def test_an_account_is_made_with_its_password_and_then_the_plan_is_empty(
    made: Project, server: Server, bob: str
) -> None:
    row = rows(server)[bob]
    assert (row["name"], row["role"]) == ("Bob", "user")
    assert signs_in(made, bob)
    assert changes(made.plan()) == {}


def test_the_password_is_nowhere_to_be_seen(made: Project, server: Server, bob: str) -> None:
    made.write(f"users: {{c-{bob}: {{name: Carol, role: user, password: !secret BOB}}}}")
    plan = made.run("plan", ".", "--format", "json")
    applied = made.run("apply", ".", "--yes", "-vv")
    shown = made.run("state", "show", f"user/c-{bob}", "--stack", made.stack)
    assert (plan.code, applied.code, shown.code) == (0, 0, 0), applied.err + shown.err
    assert all(PASSWORD not in ran.out + ran.err for ran in (plan, applied, shown))
    assert "password" not in shown.out


def test_a_changed_password_is_left_alone_on_both_sides(made: Project, server: Server, bob: str) -> None:
    change(server, bob, password="set by bob himself")
    other = replace(made, environment={"BOB": "another one"})
    assert changes(other.plan()) == {}
    assert signs_in(made, bob, "set by bob himself")


def test_only_what_differs_is_put_right_and_the_picture_stays(made: Project, server: Server, bob: str) -> None:
    change(server, bob, role="pending", profile_image_url=IMAGE)
    assert causes(made.plan()) == {f"user/{bob} role": "drift"}
    made.apply()
    row = server.get(f"/api/v1/users/{rows(server)[bob]['id']}")
    assert (row["name"], row["role"], row["profile_image_url"]) == ("Bob", "user", IMAGE)
    assert signs_in(made, bob)
    assert changes(made.plan()) == {}


def test_an_address_means_the_same_account_however_it_is_written(made: Project, server: Server, bob: str) -> None:
    made.write(f"users: {{{bob.upper()}: {{name: Robert}}}}")
    assert changes(made.apply()) == {f"user/{bob}": "update"}
    row = rows(server)[bob]
    assert (row["name"], row["role"]) == ("Robert", "pending")


def test_an_account_that_is_there_already_is_adopted_without_a_password(project: Project, server: Server) -> None:
    user = server.user(f"eve-{project.stack[-8:]}")
    project.write(f"users: {{{user.email}: {{role: admin}}}}")
    assert changes(project.apply()) == {f"user/{user.email}": "adopt"}
    assert rows(server)[user.email]["role"] == "admin"
    assert changes(project.plan()) == {}


def test_nobody_is_deleted_but_by_name(made: Project, server: Server, bob: str) -> None:
    made.write("")
    assert changes(made.apply()) == {}
    assert bob in rows(server)
    made.write(f"absent: {{users: [{bob.upper()}]}}")
    assert changes(made.apply()) == {f"user/{bob}": "delete"}
    assert bob not in rows(server)
    assert changes(made.plan()) == {}


def test_an_account_gets_another_address_and_keeps_its_password(made: Project, server: Server, bob: str) -> None:
    id = rows(server)[bob]["id"]
    made.write(f"""
        users: {{new-{bob}: {{name: Robert, role: user}}}}
        moved: [{{users: {{from: {bob}, to: new-{bob}}}}}]
        """)
    assert changes(made.apply()) == {f"user/new-{bob}": "move"}
    row = rows(server)[f"new-{bob}"]
    assert (row["id"], row["name"]) == (id, "Robert")
    assert signs_in(made, f"new-{bob}")
    assert changes(made.plan()) == {}


def test_an_account_without_a_password_is_waited_for(project: Project, server: Server, bob: str) -> None:
    group = f"g-{project.stack[-8:]}"
    project.write(f"""
        users: {{{bob}: {{name: Bob, role: user}}}}
        groups: {{{group}: {{members: [{bob}, {project.sandbox.admin_email}]}}}}
        """)
    assert changes(project.apply()) == {f"group/{group}": "create"}
    assert bob not in rows(server)
    server.user(bob.removesuffix("@example.com"))
    assert changes(project.apply()) == {f"user/{bob}": "adopt", f"group/{group}": "update"}
    assert server.members(server.groups()[group]["id"]) == {bob, project.sandbox.admin_email}


def test_what_keeps_the_primary_administrator_is_said_in_the_servers_words(project: Project, server: Server) -> None:
    admin = project.sandbox.admin_email
    for manifest in (f"users: {{{admin}: {{role: user}}}}", f"absent: {{users: [{admin}]}}"):
        project.write(manifest)
        ran = project.run("apply", ".", "--yes", "--allow-lockout")
        assert ran.code != 0
        assert "security measure" in ran.out + ran.err or "primary admin status" in ran.out + ran.err
        assert "the first account of a server is its primary administrator" in ran.out + ran.err
    assert rows(server)[admin]["role"] == "admin"
