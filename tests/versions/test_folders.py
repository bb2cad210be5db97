"""Folders on every version, checked through the server's own API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.manifests import edit
from tests.support.project import Project, causes, changes
from tests.support.server import Server


@pytest.fixture
def top(project: Project) -> str:
    return f"Top {project.stack[-8:]}"


@pytest.fixture
def applied(project: Project, top: str) -> Project:
    project.write(
        f"""
        knowledge:
          {top} base: {{}}
        folders:
          {top}: {{}}
          {top}/In:
            system: Always be brief.
            knowledge: [{top} base]
            meta: {{icon: fire, colour: red}}
          {top}/In/Deep: {{system: "Deep."}}
        """
    )
    project.apply()
    return project


def tree(server: Server, token: str | None = None) -> dict[str, Any]:
    """Path -> row of the list, of the user's own folders."""
    rows = {row["id"]: row for row in server.get("/api/v1/folders/", token)}

    def path(row: Any) -> str:
        return f"{path(rows[row['parent_id']])}/{row['name']}" if row["parent_id"] else str(row["name"])

    return {path(row): row for row in rows.values()}


def folder(server: Server, path: str) -> Any:
    """One folder in full."""
    return server.get(f"/api/v1/folders/{tree(server)[path]['id']}")


def below(server: Server, top: str) -> set[str]:
    """The paths of a tree, without its top."""
    return {path.removeprefix(top) for path in tree(server) if path.startswith(top)}


def test_a_tree_is_made_from_the_top_down_with_all_it_has(applied: Project, server: Server, top: str) -> None:
    assert below(server, top) == {"", "/In", "/In/Deep"}
    row = folder(server, f"{top}/In")
    [base] = [row for row in server.get("/api/v1/knowledge/")["items"] if row["name"] == f"{top} base"]
    assert row["data"]["system_prompt"] == "Always be brief."
    assert [(item["type"], item["id"]) for item in row["data"]["files"]] == [("collection", base["id"])]
    assert row["meta"] == {"icon": "fire", "colour": "red"}
    assert changes(applied.plan()) == {}


def test_an_apply_without_changes_writes_nothing(applied: Project, server: Server, top: str) -> None:
    def row() -> Any:
        # Up to 0.8.12 the list of folders itself writes those with knowledge anew.
        return {key: value for key, value in folder(server, f"{top}/In").items() if key != "updated_at"}

    before = row()
    assert changes(applied.apply()) == {}
    assert row() == before


def test_every_field_that_drifted_is_seen_and_undone(applied: Project, server: Server, top: str) -> None:
    id = tree(server)[f"{top}/In"]["id"]
    drift = {"data": {"system_prompt": "Other", "files": []}, "meta": {"icon": "ice"}}
    server.post(f"/api/v1/folders/{id}/update", drift)
    paths = ("system", "knowledge", "meta.icon")
    assert causes(applied.plan()) == {f"folder/{top}/In {path}": "drift" for path in paths}
    applied.apply()
    row = folder(server, f"{top}/In")
    assert (row["data"]["system_prompt"], len(row["data"]["files"]), row["meta"]["icon"]) == (
        "Always be brief.",
        1,
        "fire",
    )
    assert changes(applied.plan()) == {}


def test_what_is_no_longer_written_goes_back_to_the_default(applied: Project, server: Server, top: str) -> None:
    applied.write(f"folders:\n  {top}: {{}}\n  {top}/In: {{meta: {{icon: fire}}}}\n  {top}/In/Deep: {{}}\n")
    assert {path for path, cause in causes(applied.plan()).items() if cause == "reset"} == {
        f"folder/{top}/In system",
        f"folder/{top}/In knowledge",
        f"folder/{top}/In meta.colour",
        f"folder/{top}/In/Deep system",
    }
    applied.apply()
    row = folder(server, f"{top}/In")
    assert (row["data"]["system_prompt"], row["data"]["files"], row["meta"]) == (
        "",
        [],
        {"icon": "fire", "colour": None},
    )
    assert changes(applied.plan()) == {}


def test_a_nested_folder_may_have_the_name_of_one_at_the_top(project: Project, server: Server, top: str) -> None:
    project.write(f"folders:\n  {top}: {{system: one}}\n  {top}/{top}: {{system: two}}\n")
    project.apply()
    assert below(server, top) == {"", f"/{top}"}
    assert folder(server, f"{top}/{top}")["data"]["system_prompt"] == "two"


def test_chats_and_folders_of_others_in_it_outlive_a_folder(applied: Project, server: Server, top: str) -> None:
    inner = tree(server)[f"{top}/In"]["id"]
    body = {"name": f"{top} mine"}
    mine = server.post("/api/v1/folders/", body)["id"]
    server.post(f"/api/v1/folders/{mine}/update/parent", {"parent_id": inner})
    chat = server.post("/api/v1/chats/new", {"chat": {"title": top, "models": [], "messages": []}, "folder_id": inner})
    applied.write(f"folders:\n  {top}: {{}}\n")
    applied.apply()
    assert below(server, top) == {"", f"/{top} mine"}
    assert server.get(f"/api/v1/chats/{chat['id']}")["folder_id"] is None
    applied.write("")
    applied.apply()
    assert f"{top} mine" in tree(server)
    assert top not in tree(server)


def test_a_whole_tree_goes_when_nothing_of_it_is_written(applied: Project, server: Server, top: str) -> None:
    applied.write("")
    assert {changes(applied.plan())[f"folder/{path}"] for path in (top, f"{top}/In", f"{top}/In/Deep")} == {"delete"}
    applied.apply()
    assert below(server, top) == set()


def test_a_moved_folder_keeps_its_id_and_all_that_lies_in_it(applied: Project, server: Server, top: str) -> None:
    before = {path: row["id"] for path, row in tree(server).items()}
    path = applied.folder / "manifest.yaml"
    text = path.read_text().replace(f"  {top}/In", f"  {top} new").replace(f"  {top} base: {{}}", f"  {top} base: {{}}")
    path.write_text(f"{text}\nmoved:\n  - {{folders: {{from: {top}/In, to: {top} new}}}}\n")
    applied.apply()
    after = {path: row["id"] for path, row in tree(server).items()}
    assert after[f"{top} new"] == before[f"{top}/In"]
    assert after[f"{top} new/Deep"] == before[f"{top}/In/Deep"]
    assert below(server, top) == {"", " new", " new/Deep"}
    assert changes(applied.plan()) == {}


def test_a_folder_cannot_be_moved_into_itself(applied: Project, top: str) -> None:
    applied.write(
        f"folders:\n  {top}: {{}}\n  {top}/In/Deep: {{}}\n  {top}/In/Deep/In: {{}}\n"
        f"moved:\n  - {{folders: {{from: {top}/In, to: {top}/In/Deep/In}}}}\n"
    )
    ran = applied.run("plan", ".")
    assert ran.code == 1
    assert "a folder cannot be moved into itself" in ran.err
    assert "manifest.yaml:8:" in ran.err


def test_a_folder_needs_the_one_it_lies_in(project: Project, top: str) -> None:
    project.write(f"folders:\n  {top}/In: {{}}\n")
    ran = project.run("plan", ".")
    assert ran.code == 1
    assert f"folder/{top}" in ran.err
    assert "manifest.yaml:4:" in ran.err


def test_a_folder_of_another_user_is_never_touched(project: Project, server: Server, top: str) -> None:
    other = server.user(f"other-{project.stack[-8:]}")
    body = {"name": top, "data": {"system_prompt": "theirs"}, "meta": {}}
    theirs = server.post("/api/v1/folders/", body, other.token)["id"]
    project.write(f"folders:\n  {top}: {{system: ours}}\n")
    assert changes(project.plan()) == {f"folder/{top}": "create"}
    project.apply()
    project.write("")
    project.apply()
    assert server.get(f"/api/v1/folders/{theirs}", other.token)["data"]["system_prompt"] == "theirs"


def test_another_spelling_of_a_name_is_refused_with_what_to_do(project: Project, server: Server, top: str) -> None:
    server.post("/api/v1/folders/", {"name": top.upper(), "data": {}, "meta": {}})
    project.write(f"folders:\n  {top}: {{}}\n")
    ran = project.run("apply", ".", "--yes")
    assert ran.code == 3
    assert "perhaps in other upper and lower case" in ran.err + ran.out


def test_access_is_kept_where_the_version_has_it_and_refused_where_not(
    project: Project, server: Server, top: str
) -> None:
    group = f"g-{project.stack[-8:]}"
    project.write(
        f"groups: {{{group}: {{}}}}\nfolders:\n  {top}: {{access: {{write: {{groups: [{group}]}}}}, system: s}}\n"
    )
    if server.version < (0, 10):
        ran = project.run("plan", ".")
        assert ran.code == 1
        assert f"folder/{top}" in ran.err
        assert "0.10.0" in ran.err
        return
    project.apply()
    row, id = folder(server, top), server.groups()[group]["id"]
    shared = {("read", "group", id), ("write", "group", id)}
    assert server.grants(row) == shared
    server.post(f"/api/v1/folders/{row['id']}/access/update", {"access_grants": []})
    assert causes(project.plan()) == {f"folder/{top} access": "drift"}
    project.apply()
    assert server.grants(folder(server, top)) == shared
    edit(project, "system: s", "system: t")
    project.apply()
    assert (folder(server, top)["data"]["system_prompt"], server.grants(folder(server, top))) == ("t", shared)


def test_a_folder_for_everyone_is_refused_before_anything_is_written(
    project: Project, server: Server, top: str
) -> None:
    project.write(f"folders:\n  {top}: {{access: public}}\n")
    ran = project.run("plan", ".")
    assert ran.code == 1
    assert "manifest.yaml:4:" in ran.err
    assert top not in tree(server)


def test_folders_are_read_one_by_one_only_where_they_changed(project: Project, server: Server, top: str) -> None:
    project.write(f"folders:\n  {top}: {{system: s}}\n")
    project.apply()
    before = project.plan()["requests"]
    more = "".join(f"  {top} {number}: {{system: s, meta: {{icon: fire}}}}\n" for number in range(3))
    (project.folder / "more.yaml").write_text(f"version: 1\nstack: {project.stack}\nfolders:\n{more}")
    project.apply()
    assert project.plan()["requests"] == before
    id = tree(server)[f"{top} 1"]["id"]
    server.post(f"/api/v1/folders/{id}/update", {"data": {"system_prompt": "other"}})
    plan = project.plan()
    assert (changes(plan), plan["requests"]) == ({f"folder/{top} 1": "update"}, before + 1)


def test_opening_a_folder_on_the_web_page_costs_a_request_and_is_no_change(
    project: Project, server: Server, top: str
) -> None:
    project.write(f"folders:\n  {top}: {{system: s}}\n")
    project.apply()
    before = project.plan()["requests"]
    server.post(f"/api/v1/folders/{tree(server)[top]['id']}/update/expanded", {"is_expanded": True})
    plan = project.plan()
    assert (changes(plan), plan["requests"]) == ({}, before + 1)
