"""Who may not manage a server is told so by every command, with the account that the token is of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.project import Project


@pytest.fixture(params=["user", "pending"])
def person(project: Project, request: pytest.FixtureRequest) -> Iterator[tuple[str, str, str]]:
    """E-mail, role and token of somebody who is no administrator."""
    email = f"{project.stack}@example.com".lower()
    row = project.api(
        "POST", "/api/v1/auths/add", {"name": "P", "email": email, "password": "plain-pw", "role": "user"}
    )
    if request.param != "user":
        body = {"role": request.param, "name": "P", "email": email, "profile_image_url": "/user.png"}
        project.api("POST", f"/api/v1/users/{row['id']}/update", body)
    yield email, request.param, row["token"]
    project.api("DELETE", f"/api/v1/users/{row['id']}")


@pytest.mark.parametrize(
    "words",
    [
        "plan .",
        "apply . --yes",
        "run j .",
        "jobs .",
        "graph . --plan",
        "export -o out",
        "destroy --yes",
        "state list",
        "state unlock",
    ],
)
def test_a_refusal_names_the_account_and_what_is_needed(
    project: Project, person: tuple[str, str, str], words: str
) -> None:
    email, role, token = person
    project.write("prompts: {rights: {content: x}}\njobs: {j: {chat: {model: m, prompt: x}}}\n")
    ran = project.run(*words.split(), OWUI_TOKEN=token)
    assert ran.code == 1, ran
    if role == "user":
        assert f"the token is of {email} (user)" in ran.err
        assert "needs the token of an administrator" in ran.err
    assert token not in ran.err + ran.out


def test_an_administrator_gets_the_servers_own_refusal(project: Project) -> None:
    project.write("prompts: {rights: {content: x}}\n")
    ran = project.run("plan", ".", OWUI_TOKEN="sk-wrong")
    assert ran.code == 1
    assert "check the token" in ran.err
