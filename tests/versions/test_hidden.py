"""A server that hides from administrators what others own (`BYPASS_ADMIN_ACCESS_CONTROL=false`), of any version."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from owui_sync.pytest_plugin import OpenWebUIFactory
from owui_sync.sandbox import Sandbox
from tests.support.project import Project, changes
from tests.support.server import PUBLIC, Grants, Server, User

ALONE: Grants = set()


@pytest.fixture(scope="module")
def closed(open_webui_factory: OpenWebUIFactory) -> Sandbox:
    """Such a server; nobody but the administrator is there."""
    return open_webui_factory(settings={"BYPASS_ADMIN_ACCESS_CONTROL": "false"})


@pytest.fixture
def project(closed: Sandbox, tmp_path: Path, unique: str) -> Project:
    """An empty project on it."""
    return Project(tmp_path, closed, unique)


@pytest.fixture
def other(server: Server, unique: str) -> Iterator[User]:
    """Somebody who may make models, prompts and knowledge bases; models and bases go in the end."""
    rights = server.get("/api/v1/users/default/permissions")
    server.post("/api/v1/users/default/permissions", {**rights, "workspace": dict.fromkeys(rights["workspace"], True)})
    user = server.user(f"other-{unique}")
    yield user
    if server.version >= (0, 11):
        for row in server.get("/api/v1/models/export", user.token):
            server.post("/api/v1/models/model/delete", {"id": row["id"]}, user.token)
    delete_bases(server, user)


def make_model(server: Server, user: User, id: str) -> None:
    body = {"id": id, "name": id, "base_model_id": "base", "meta": {}, "params": {}, **server.access(ALONE)}
    server.post("/api/v1/models/create", body, user.token)


def make_prompt(server: Server, user: User, command: str) -> None:
    body = {"command": f"/{command}" if server.old else command, "name": "x", "title": "x", "content": "theirs"}
    server.post("/api/v1/prompts/create", {**body, **server.access(ALONE)}, user.token)


def make_base(server: Server, user: User, name: str, grants: Grants = ALONE) -> None:
    body = {"name": name, "description": "theirs", **server.access(grants)}
    server.post("/api/v1/knowledge/create", body, user.token)


def delete_bases(server: Server, user: User) -> None:
    for row in server.get("/api/v1/knowledge/", user.token)["items"]:
        if row["user_id"] == user.id:
            server.project.api("DELETE", f"/api/v1/knowledge/{row['id']}/delete", token=user.token)


def tells(server: Server) -> bool:
    """Whether the menu of models gives the setting away, though nothing is hidden."""
    return server.version < (0, 12)


def counts(server: Server) -> bool:
    """Whether the server tells how many knowledge bases there are in all."""
    return server.version >= (0, 9, 6)


def test_where_nothing_is_known_to_be_hidden_doctor_does_not_say_that_it_may_read_everything(
    project: Project, server: Server
) -> None:
    ran = project.run("doctor", "--format", "json")
    rights = next(check for check in ran.document["checks"] if check["name"] == "rights")
    assert (ran.code, rights["state"]) == (0, "warning")
    assert "not known" in rights["text"]
    assert "may read everything" not in rights["text"]
    assert ("is not in the menu" in rights["text"]) == tells(server)


def test_what_is_nobody_elses_is_managed_as_ever(project: Project, server: Server, unique: str) -> None:
    project.write(f"prompts: {{p-{unique}: {{content: x}}}}\n")
    project.apply()
    project.write(f"prompts: {{p-{unique}: {{content: x}}}}\nknowledge: {{k-{unique}: {{description: x}}}}\n")
    project.apply(*([] if counts(server) else ["--take-over"]))
    assert project.plan()["changes"] == []


def test_a_base_that_may_be_there_and_hidden_is_not_made_again(
    project: Project, server: Server, other: User, unique: str
) -> None:
    make_base(server, other, f"k-{unique}")
    project.write(f"knowledge: {{k-{unique}: {{description: mine}}}}\n")
    for words in (["plan", "."], ["apply", ".", "--yes"]):
        ran = project.run(*words)
        assert ran.code == 5, ran.out + ran.err
        assert f"knowledge/k-{unique} may be there already, and hidden" in ran.err
        assert ("(1 knowledge base)" if counts(server) else "is not in the menu") in ran.err
        assert "BYPASS_ADMIN_ACCESS_CONTROL" in ran.err
        assert "--take-over" in ran.err
    bases = [row["name"] for row in server.get("/api/v1/knowledge/")["items"]]
    assert f"k-{unique}" not in bases
    project.apply("--take-over")
    assert project.plan()["changes"] == []


def test_a_base_that_was_deleted_is_taken_for_a_hidden_one_only_where_nothing_tells(
    project: Project, server: Server, unique: str
) -> None:
    project.write(f"knowledge: {{k-{unique}: {{description: x}}}}\n")
    project.apply(*([] if counts(server) else ["--take-over"]))
    [row] = [row for row in server.get("/api/v1/knowledge/")["items"] if row["name"] == f"k-{unique}"]
    project.api("DELETE", f"/api/v1/knowledge/{row['id']}/delete")
    ran = project.run("plan", ".", "--format", "json")
    assert (ran.code, changes(ran.document)) == (0 if counts(server) else 5, {f"knowledge/k-{unique}": "create"})


def test_what_this_account_may_only_read_gives_the_setting_away(project: Project, server: Server, unique: str) -> None:
    owner = server.user(f"seen-{unique}", "admin")
    make_base(server, owner, f"seen-{unique}", PUBLIC)
    project.write(f"knowledge: {{seen-{unique}: {{description: theirs}}}}\n")
    ran = project.run("plan", ".")
    delete_bases(server, owner)
    assert ran.code == 5, ran.out + ran.err
    assert f"knowledge/seen-{unique} may belong to a stack whose inventory is hidden" in ran.err
    assert ("may only be read" if server.version >= (0, 8) else "is not in the menu") in ran.err


def test_on_a_server_that_hides_nothing_what_others_share_is_no_sign(
    open_webui: Sandbox, tmp_path: Path, unique: str
) -> None:
    project = Project(tmp_path, open_webui, unique)
    server = Server(project)
    make_base(server, server.user(f"other-{unique}", "admin"), f"seen-{unique}", PUBLIC)
    project.write(f"knowledge: {{k-{unique}: {{description: mine}}, seen-{unique}: {{description: mine}}}}\n")
    assert changes(project.plan()) == {f"knowledge/k-{unique}": "create", f"knowledge/seen-{unique}": "adopt"}


def test_a_command_that_is_taken_and_hidden_is_not_doubled_and_the_reason_is_told(
    project: Project, server: Server, other: User, unique: str
) -> None:
    make_prompt(server, other, f"p-{unique}")
    project.write(f"prompts: {{p-{unique}: {{content: mine}}, q-{unique}: {{content: mine}}}}\n")
    ran = project.run("apply", ".", "--yes")
    assert ran.code == 3, ran.out + ran.err
    assert "already registered" in ran.out
    assert "does not show what has it to this account" in ran.out
    assert "BYPASS_ADMIN_ACCESS_CONTROL" in ran.out
    assert server.prompts(other.token)[f"p-{unique}"]["content"] == "theirs"
    assert server.prompts()[f"q-{unique}"]["content"] == "mine"


def test_a_model_that_is_taken_and_hidden_is_told(project: Project, server: Server, other: User, unique: str) -> None:
    make_model(server, other, f"m-{unique}")
    project.write(f"models: {{m-{unique}: {{base: base, name: Mine}}}}\n")
    ran = project.run("apply", ".", "--yes")
    assert ran.code == (5 if server.version >= (0, 11) else 3), ran.out + ran.err
    assert "BYPASS_ADMIN_ACCESS_CONTROL" in ran.out + ran.err
    if server.version >= (0, 11):
        assert f"model/m-{unique} may belong to a stack whose inventory is hidden" in ran.err


def test_a_plan_that_rests_on_lists_that_hide_something_is_refused(
    project: Project, server: Server, other: User, unique: str
) -> None:
    project.write(f"prompts: {{old-{unique}: {{content: x}}}}\nmodels: {{own-{unique}: {{base: b, name: N}}}}\n")
    project.apply()
    make_model(server, other, f"m-{unique}")
    assert project.plan()["changes"] == []
    server.create_prompt(f"seen-{unique}", "Seen", "x", PUBLIC)
    id = server.prompts()[f"old-{unique}"].get("id")
    project.api("DELETE", f"/api/v1/prompts/id/{id}/delete" if id else f"/api/v1/prompts/command/old-{unique}/delete")
    project.write(
        f"knowledge: {{k-{unique}: {{description: x}}}}\n"
        f"prompts: {{seen-{unique}: {{content: y}}, old-{unique}: {{content: x}}}}\n"
        f"models: {{own-{unique}: {{base: b, name: N}}}}\n"
    )
    ran = project.run("plan", ".")
    assert ran.code == 5
    assert (f"knowledge/k-{unique} may be there already" in ran.err) != counts(server)
    assert f"prompt/seen-{unique} may belong to a stack whose inventory is hidden" in ran.err
    assert "BYPASS_ADMIN_ACCESS_CONTROL" in ran.err
    assert "--take-over" in ran.err
    assert changes(project.plan("--take-over")) == {
        f"knowledge/k-{unique}": "create",
        f"prompt/seen-{unique}": "adopt",
        f"prompt/old-{unique}": "create",
    }
    if server.version < (0, 11):
        return  # No list tells what is hidden, only that something may be.
    assert f"m-{unique}" in ran.err
    doctor = project.run("doctor", "--format", "json")
    rights = next(check for check in doctor.document["checks"] if check["name"] == "rights")
    assert (doctor.code, rights["state"]) == (1, "failed")


def test_an_export_that_lacks_what_is_hidden_says_so(
    project: Project, server: Server, other: User, unique: str
) -> None:
    make_model(server, other, f"m-{unique}")
    server.create_prompt(f"mine-{unique}", "Mine", "x", PUBLIC)
    ran = project.run("export", "-o", "out")
    assert ran.code == 0
    assert ("its lists are not the whole" in ran.err) == (server.version >= (0, 11))
