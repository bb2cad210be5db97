"""Further accounts of a server, each with a token of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

import httpx

from tests.support.project import Project


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody else with an account, and the same project with the token of that account."""

    id: str
    email: str
    token: str
    project: Project


def join(project: Project, unique: str, role: str) -> Person:
    email = f"{role}-{unique}@example.com"
    body = {"name": role, "email": email, "password": "secret-123", "role": role}
    row = project.api("POST", "/api/v1/auths/add", body)
    token = project.api("POST", "/api/v1/auths/signin", {"email": email, "password": "secret-123"})["token"]
    return Person(row["id"], email, token, replace(project, environment={"OWUI_TOKEN": token}))


def leave(project: Project, person: Person) -> None:
    httpx.delete(
        f"{project.sandbox.url}/api/v1/users/{person.id}", headers={"Authorization": f"Bearer {project.sandbox.token}"}
    )


def demote(project: Project, person: Person) -> None:
    body = {"role": "user", "name": "admin", "email": person.email, "profile_image_url": "/user.png"}
    project.api("POST", f"/api/v1/users/{person.id}/update", body)
