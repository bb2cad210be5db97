"""What an ordinary user who signs in sees and may change, asked with that user's own token on any tested version."""

from __future__ import annotations

import httpx
import pytest

from tests.support.project import Project
from tests.support.server import Server, User

ACCESS = {
    "public": "public",
    "private": "private",
    "group": "{{read: {{groups: [{g}]}}}}",
    "user": "{{read: {{users: [{user}]}}}}",
    "writer": "{{write: {{users: [{user}]}}}}",
}


@pytest.fixture
def member(server: Server, names: dict[str, str]) -> User:
    """A member of the group."""
    return server.user(f"member-{names['g']}")


@pytest.fixture
def named(server: Server, names: dict[str, str]) -> User:
    """A user whom the manifest names."""
    return server.user(f"named-{names['g']}")


@pytest.fixture
def nobody(server: Server, names: dict[str, str]) -> User:
    """A user whom it does not name."""
    return server.user(f"nobody-{names['g']}")


@pytest.fixture
def shared(project: Project, names: dict[str, str], member: User, named: User) -> Project:
    """A project whose models and prompts have every form of access."""
    group = f"groups: {{{names['g']}: {{members: [{member.email}]}}}}\n"
    prompts, models = "prompts:\n", "models:\n"
    for form, text in ACCESS.items():
        access = text.format(g=names["g"], user=named.email)
        prompts += f"  {names['p']}-{form}: {{content: c, access: {access}}}\n"
        models += f"  {names['m']}-{form}: {{base: gpt-4.1, access: {access}}}\n"
    project.write(group + prompts + models)
    project.apply()
    return project


def seen(server: Server, names: dict[str, str], user: User) -> tuple[set[str], set[str]]:
    """The forms whose model, and whose prompt, the user's own token shows."""
    models = {row["id"] for row in server.get("/api/models", user.token)["data"]}
    prompts = set(server.prompts(user.token))
    return (
        {id.removeprefix(f"{names['m']}-") for id in models if id.startswith(names["m"])},
        {command.removeprefix(f"{names['p']}-") for command in prompts if command.startswith(names["p"])},
    )


def test_a_user_sees_exactly_the_models_and_prompts_that_access_says(
    shared: Project, server: Server, names: dict[str, str], member: User, named: User, nobody: User
) -> None:
    for user, forms in (
        (member, {"public", "group"}),
        (named, {"public", "user", "writer"}),
        (nobody, {"public"}),
    ):
        assert seen(server, names, user) == (forms, forms), user.email


def test_a_user_who_leaves_the_group_no_longer_sees_what_it_may_see(
    shared: Project, server: Server, names: dict[str, str], member: User
) -> None:
    text = (shared.folder / "manifest.yaml").read_text(encoding="utf-8")
    (shared.folder / "manifest.yaml").write_text(text.replace(member.email, ""), encoding="utf-8")
    shared.apply()
    assert seen(server, names, member) == ({"public"}, {"public"})


def test_only_who_may_write_can_change_a_prompt(
    shared: Project, server: Server, names: dict[str, str], member: User, named: User
) -> None:
    def changed(user: User, form: str) -> int:
        row = server.prompts()[f"{names['p']}-{form}"]
        path = f"command/{row['command'].removeprefix('/')}" if server.old else f"id/{row['id']}"
        return httpx.post(
            f"{shared.sandbox.url}/api/v1/prompts/{path}/update",
            json={**row, "content": "changed"},
            headers={"Authorization": f"Bearer {user.token}"},
        ).status_code

    assert changed(named, "writer") == 200
    assert {changed(named, "user"), changed(named, "public"), changed(member, "group")} <= {400, 401, 403}


def test_a_provider_model_is_seen_once_a_rule_makes_it_public(project: Project, server: Server, nobody: User) -> None:
    def visible() -> bool:
        return "gpt-4.1-mini" in {row["id"] for row in server.get("/api/models", nobody.token)["data"]}

    # Whatever was set on it before, by anybody.
    project.write("absent: {models: [gpt-4.1-mini]}\n")
    project.apply("--take-over")
    assert not visible()
    project.write('access_rules: [{models: ["gpt-4.1-m*"], access: public}]\n')
    project.apply()
    assert visible()
    project.write("")
    project.apply()
    assert not visible()
