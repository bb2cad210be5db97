"""Access of models and prompts on a server of any tested version: each form is kept, and none changes unasked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.project import Project, causes, changes
from tests.support.server import PUBLIC, Grants, Server

FORMS = {
    "public": "public",
    "private": "private",
    "group": "{{read: {{groups: [{g}]}}}}",
    "user": "{{read: {{users: [{admin}]}}}}",
    "writers": "{{read: {{groups: [{g}]}}, write: {{users: [{admin}], groups: [{g}]}}}}",
}


def grants_of(form: str, server: Server, names: dict[str, str]) -> Grants:
    """What the server must have for a form."""
    group, user = server.row("group", names["g"])["id"], server.get("/api/v1/users/user/status")["id"]
    return {
        "public": PUBLIC,
        "private": set(),
        "group": {("read", "group", group)},
        "user": {("read", "user", user)},
        "writers": {
            (permission, *who) for permission in ("read", "write") for who in (("group", group), ("user", user))
        },
    }[form]


def manifest(names: dict[str, str], form: str | None, text: str = "one") -> str:
    """A group, and a prompt and a model with that access, or with none written."""
    access = "" if form is None else f", access: {FORMS[form].format(**names)}"
    return (
        f"groups: {{{names['g']}: {{}}}}\n"
        f"prompts: {{{names['p']}: {{content: {text}{access}}}}}\n"
        f"models: {{{names['m']}: {{base: gpt-4.1, description: {text}{access}}}}}\n"
    )


def test_every_form_of_access_is_kept_alone_and_with_other_changes(
    project: Project, server: Server, names: dict[str, str]
) -> None:
    for number, form in enumerate((*FORMS, "public")):
        project.write(manifest(names, form, text=f"t{number // 2}"))
        project.apply()
        for kind in ("prompt", "model"):
            assert server.grants(server.row(kind, names[kind[0]])) == grants_of(form, server, names), (kind, form)
        assert changes(project.plan()) == {}, form


@pytest.mark.parametrize("kind", ["prompt", "model"])
def test_access_changed_on_the_server_is_drift_and_is_put_right(
    project: Project, server: Server, names: dict[str, str], kind: str
) -> None:
    project.write(manifest(names, "group"))
    project.apply()
    for form in ("public", "private", "writers"):
        server.share(kind, server.row(kind, names[kind[0]]), grants_of(form, server, names))
        assert causes(project.plan()) == {f"{kind}/{names[kind[0]]} access": "drift"}
        project.apply()
        assert server.grants(server.row(kind, names[kind[0]])) == grants_of("group", server, names)


def test_access_that_is_not_written_is_private_at_first_and_never_changes_with_other_fields(
    project: Project, server: Server, names: dict[str, str]
) -> None:
    project.write(manifest(names, None))
    project.apply()
    for kind in ("prompt", "model"):
        assert server.grants(server.row(kind, names[kind[0]])) == set()
    for number, form in enumerate(FORMS):
        for kind in ("prompt", "model"):
            server.share(kind, server.row(kind, names[kind[0]]), grants_of(form, server, names))
        assert changes(project.plan()) == {}
        project.write(manifest(names, None, text=f"t{number}"))
        project.apply()
        for kind in ("prompt", "model"):
            row = server.row(kind, names[kind[0]])
            assert server.grants(row) == grants_of(form, server, names), (kind, form)
            assert f"t{number}" in (row.get("content"), row.get("meta", {}).get("description"))


def test_reading_for_everyone_and_writing_for_some_is_kept_or_nothing_is_changed(
    project: Project, server: Server, names: dict[str, str]
) -> None:
    project.write(manifest(names, "private"))
    project.apply()
    both = f"access: {{read: everyone, write: {{groups: [{names['g']}]}}}}"
    project.write(manifest(names, "private", text="two").replace("access: private", both))
    ran = project.run("apply", ".", "--yes")
    rows = [server.row(kind, names[kind[0]]) for kind in ("prompt", "model")]
    if server.old:
        assert ran.code == 1
        for kind in ("prompt", "model"):
            assert f"{kind}/{names[kind[0]]}: `access` as it is written needs Open WebUI 0.8.0" in ran.err
        assert [server.grants(row) for row in rows] == [set(), set()]
        assert (rows[0]["content"], rows[1]["meta"]["description"]) == ("one", "one")
    else:
        assert ran.code == 0, ran.err
        wanted = {*PUBLIC, ("write", "group", server.row("group", names["g"])["id"])}
        assert [server.grants(row) for row in rows] == [wanted, wanted]
        assert changes(project.plan()) == {}


def test_the_grant_of_a_user_who_was_deleted_is_neither_drift_nor_exported(
    project: Project, server: Server, names: dict[str, str], tmp_path: Path
) -> None:
    user = server.user(names["p"])
    access = f"{{read: {{groups: [{names['g']}], users: [{user.email}]}}}}"
    project.write(
        f"groups: {{{names['g']}: {{}}}}\n"
        f"prompts: {{{names['p']}: {{content: one, access: {access}}}}}\n"
        f"knowledge: {{{names['g']}: {{access: {access}}}}}\n"
    )
    project.apply()
    project.api("DELETE", f"/api/v1/users/{user.id}")
    assert ("read", "user", user.id) in server.grants(server.row("prompt", names["p"]))
    exported = replace(project, folder=tmp_path / "exported")
    ran = project.run("export", "-o", str(exported.folder), "--stack", project.stack)
    assert (ran.code, ran.err) == (0, "")
    plan = exported.run("plan", "--format", "json")
    assert (plan.code, changes(plan.document)) == (0, {})
