"""Knowledge bases and their files on every version, checked through the server's own API."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.manifests import edit
from tests.support.project import Project, causes, changes
from tests.support.server import PUBLIC, Server


@pytest.fixture
def name(project: Project) -> str:
    return f"kb-{project.stack[-8:]}"


@pytest.fixture
def applied(project: Project, name: str) -> Project:
    for path, text in {"docs/a.md": f"alpha {name}", "docs/sub/b.md": f"beta {name}"}.items():
        (project.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (project.folder / path).write_text(text)
    project.write(
        f"""
        knowledge:
          {name}:
            description: Internal
            access: public
            files:
              - docs/**/*.md
              - {{name: hello.txt, content: "Hello ${{x}} {name}"}}
        """
    )
    project.apply()
    return project


def base(server: Server, name: str) -> Any:
    """The one knowledge base of that name."""
    [row] = [row for row in server.get("/api/v1/knowledge/")["items"] if row["name"] == name]
    return row


def files(server: Server, name: str) -> dict[str, Any]:
    """File name -> row, of the files of a knowledge base; before 0.9.6 without the folders that names have there."""
    rows = server.get(f"/api/v1/knowledge/{base(server, name)['id']}/files")["items"]
    return {row["filename"] if server.version >= (0, 9, 6) else row["filename"].split("__")[-1]: row for row in rows}


def content(project: Project, id: str) -> str:
    """The stored original."""
    headers = {"Authorization": f"Bearer {project.sandbox.token}"}
    return httpx.get(f"{project.sandbox.url}/api/v1/files/{id}/content", headers=headers).text


def exists(project: Project, id: str) -> bool:
    """Whether the server still has a file."""
    headers = {"Authorization": f"Bearer {project.sandbox.token}"}
    return httpx.get(f"{project.sandbox.url}/api/v1/files/{id}", headers=headers).status_code == 200


def stored(server: Server) -> set[str]:
    """Ids of all files on the server."""
    found = server.get("/api/v1/files/")
    if isinstance(found, list):
        return {row["id"] for row in found}
    pages = [server.get(f"/api/v1/files/?page={page}")["items"] for page in range(1, -(-found["total"] // 50) + 1)]
    return {row["id"] for page in pages for row in page}


def by_hand(project: Project, server: Server, base_id: str, filename: str, text: str) -> str:
    """Puts a file into a base as the web page does; its id."""
    headers = {"Authorization": f"Bearer {project.sandbox.token}"}
    url = f"{project.sandbox.url}/api/v1/files/?process=true&process_in_background=false"
    id = httpx.post(url, headers=headers, files={"file": (filename, text.encode())}, timeout=60).json()["id"]
    server.post(f"/api/v1/knowledge/{base_id}/file/add", {"file_id": id})
    return str(id)


def test_an_applied_base_has_its_text_its_access_and_its_files(applied: Project, server: Server, name: str) -> None:
    row, found = base(server, name), files(server, name)
    assert (row["description"], server.grants(row)) == ("Internal", PUBLIC)
    assert {key: content(applied, file["id"]) for key, file in found.items()} == {
        "a.md": f"alpha {name}",
        "b.md": f"beta {name}",
        "hello.txt": f"Hello ${{x}} {name}",
    }
    if server.version >= (0, 12):
        assert {key: file["directory_path"] for key, file in found.items()} == {
            "a.md": "",
            "b.md": "sub",
            "hello.txt": "",
        }
    assert changes(applied.plan()) == {}


def test_an_apply_without_changes_writes_nothing(applied: Project, server: Server, name: str) -> None:
    before = base(server, name), files(server, name), stored(server)
    assert changes(applied.apply()) == {}
    now = base(server, name), files(server, name), stored(server)
    assert now[:2] == before[:2]


def test_a_changed_file_replaces_its_former_self_and_no_other(applied: Project, server: Server, name: str) -> None:
    before = files(server, name)
    (applied.folder / "docs/a.md").write_text("changed")
    assert causes(applied.plan()) == {f"knowledge/{name} files": "manifest"}
    applied.apply()
    after = files(server, name)
    assert content(applied, after["a.md"]["id"]) == "changed"
    assert {key: after[key]["id"] for key in ("b.md", "hello.txt")} == {
        key: before[key]["id"] for key in ("b.md", "hello.txt")
    }
    assert not exists(applied, before["a.md"]["id"])
    assert changes(applied.plan()) == {}


def test_a_file_that_only_differs_in_line_ends_is_replaced_too(applied: Project, server: Server, name: str) -> None:
    (applied.folder / "docs/a.md").write_bytes(f"alpha {name}\r\n".encode())
    applied.apply()
    assert content(applied, files(server, name)["a.md"]["id"]).encode() == f"alpha {name}\r\n".encode()
    assert changes(applied.plan()) == {}


def test_a_file_that_moves_keeps_its_content_once(applied: Project, server: Server, name: str) -> None:
    (applied.folder / "docs/a.md").rename(applied.folder / "docs/sub/moved.md")
    applied.apply()
    assert set(files(server, name)) == {"moved.md", "b.md", "hello.txt"}
    assert changes(applied.plan()) == {}


def test_a_file_that_somebody_added_goes_and_one_that_another_base_holds_stays(
    applied: Project, server: Server, name: str
) -> None:
    id = base(server, name)["id"]
    access = server.access(PUBLIC)
    other = server.post("/api/v1/knowledge/create", {"name": f"{name}-other", "description": "", **access})["id"]
    alone = by_hand(applied, server, id, "alone.txt", f"alone {name}")
    shared = by_hand(applied, server, id, "shared.txt", f"shared {name}")
    server.post(f"/api/v1/knowledge/{other}/file/add", {"file_id": shared})
    assert causes(applied.plan()) == {f"knowledge/{name} files": "drift"}
    applied.apply()
    assert set(files(server, name)) == {"a.md", "b.md", "hello.txt"}
    assert (exists(applied, alone), exists(applied, shared)) == (False, True)
    assert set(files(server, f"{name}-other")) == {"shared.txt"}


def test_a_file_that_was_taken_out_on_the_server_comes_back(applied: Project, server: Server, name: str) -> None:
    gone = files(server, name)["b.md"]["id"]
    server.post(f"/api/v1/knowledge/{base(server, name)['id']}/file/remove", {"file_id": gone})
    assert causes(applied.plan()) == {f"knowledge/{name} files": "drift"}
    applied.apply()
    assert set(files(server, name)) == {"a.md", "b.md", "hello.txt"}


def test_a_file_without_text_is_refused_by_name_and_leaves_nothing_behind(
    applied: Project, server: Server, name: str
) -> None:
    (applied.folder / "docs/blank.md").write_text(" \n")
    (applied.folder / "docs/good.md").write_text(f"good {name}")
    before = stored(server)
    ran = applied.run("apply", ".", "--yes")
    assert ran.code == 3
    assert "`blank.md`" in ran.err + ran.out
    new = {row["id"] for row in files(server, name).values()}
    left = stored(server) - before - new
    # The inventory is a file as well, written anew.
    assert {server.get(f"/api/v1/files/{id}")["filename"].startswith("owui-sync.") for id in left} <= {True}
    assert set(files(server, name)) == {"a.md", "b.md", "hello.txt", "good.md"}
    (applied.folder / "docs/blank.md").unlink()
    applied.apply()
    assert changes(applied.plan()) == {}


def test_a_new_base_whose_file_is_refused_is_known_as_ours(project: Project, server: Server, name: str) -> None:
    project.write(f"knowledge:\n  {name}:\n    files: [{{name: a.txt, content: ' '}}]\n")
    assert project.run("apply", ".", "--yes").code == 3
    project.write(f"knowledge:\n  {name}:\n    files: [{{name: a.txt, content: text {name}}}]\n")
    assert changes(project.plan()) in ({f"knowledge/{name}": "update"}, {f"knowledge/{name}": "adopt"})
    project.apply()
    assert content(project, files(server, name)["a.txt"]["id"]) == f"text {name}"
    project.write("")
    project.apply()
    assert name not in {row["name"] for row in server.get("/api/v1/knowledge/")["items"]}


def test_an_empty_list_takes_every_file_out(applied: Project, server: Server, name: str) -> None:
    before = files(server, name)
    applied.write(f"knowledge:\n  {name}:\n    files: []\n")
    applied.apply()
    assert files(server, name) == {}
    assert not any(exists(applied, row["id"]) for row in before.values())


def test_files_that_were_never_written_are_not_managed(project: Project, server: Server, name: str) -> None:
    project.write(f"knowledge:\n  {name}:\n    description: d\n")
    project.apply()
    by_hand(project, server, base(server, name)["id"], "own.txt", f"own {name}")
    assert changes(project.plan()) == {}
    edit(project, "description: d", "description: e")
    project.apply()
    assert set(files(server, name)) == {"own.txt"}


def test_access_and_description_change_without_each_other(applied: Project, server: Server, name: str) -> None:
    edit(applied, "description: Internal", "description: Other")
    applied.apply()
    assert (base(server, name)["description"], server.grants(base(server, name))) == ("Other", PUBLIC)
    edit(applied, "access: public", "access: private")
    applied.apply()
    assert (base(server, name)["description"], server.grants(base(server, name))) == ("Other", set())
    assert set(files(server, name)) == {"a.md", "b.md", "hello.txt"}
    assert changes(applied.plan()) == {}


def test_a_base_that_is_no_longer_written_goes_with_the_files_that_were_uploaded(
    applied: Project, server: Server, name: str
) -> None:
    before = files(server, name)
    applied.write("")
    applied.apply()
    assert name not in {row["name"] for row in server.get("/api/v1/knowledge/")["items"]}
    assert not any(exists(applied, row["id"]) for row in before.values())


def test_a_moved_base_keeps_its_id_and_its_files(applied: Project, server: Server, name: str) -> None:
    before, held = base(server, name)["id"], files(server, name)
    edit(applied, f"{name}:", f"{name}-new:")
    path = applied.folder / "manifest.yaml"
    path.write_text(path.read_text() + f"\nmoved:\n  - {{knowledge: {{from: {name}, to: {name}-new}}}}\n")
    applied.apply()
    assert base(server, f"{name}-new")["id"] == before
    assert {key: row["id"] for key, row in files(server, f"{name}-new").items()} == {
        key: row["id"] for key, row in held.items()
    }
    assert changes(applied.plan()) == {}


def test_two_bases_of_one_name_are_refused_with_their_ids(project: Project, server: Server, name: str) -> None:
    body = {"name": name, "description": "", **server.access(PUBLIC)}
    ids = [server.post("/api/v1/knowledge/create", body)["id"] for _ in range(2)]
    project.write(f"knowledge:\n  {name}: {{description: d}}\n")
    ran = project.run("plan", ".")
    assert ran.code == 1
    assert all(id in ran.err for id in ids)
    assert "manifest.yaml:" in ran.err


def test_a_plan_without_changes_reads_the_files_of_managed_bases_only(
    project: Project, server: Server, name: str
) -> None:
    def apply_with(files: str) -> int:
        """Apply three bases, and return what a plan costs; as many each time, as the server lists them in pages."""
        first = f"  {name}-1: {{files: [{{name: a.txt, content: one {name}}}]}}\n"
        project.write(f"knowledge:\n{first}  {name}-2: {{{files}}}\n  {name}-3: {{}}\n")
        project.apply()
        return int(project.plan()["requests"])

    before = apply_with("")
    # 0.10.2 compares the files, and does not count them.
    each = 2 if (0, 9, 6) <= server.version < (0, 11, 4) else 1
    assert apply_with(f"files: [{{name: a.txt, content: two {name}}}]") == before + each


def test_a_saved_plan_uploads_the_files_that_it_was_made_with_or_none(
    project: Project, server: Server, name: str
) -> None:
    (project.folder / "a.md").write_text(f"alpha {name}")
    project.write(f"knowledge:\n  {name}: {{files: [a.md, {{name: b.txt, content: beta {name}}}]}}\n")
    assert project.run("plan", ".", "--out", "plan.json").code == 0
    assert f"alpha {name}" not in (project.folder / "plan.json").read_text()
    (project.folder / "a.md").write_text("other")
    stale = project.run("apply", "plan.json", "--yes")
    assert (stale.code, "a.md" in stale.err) == (4, True)
    (project.folder / "a.md").write_text(f"alpha {name}")
    ran = project.run("apply", "plan.json", "--yes")
    assert ran.code == 0, ran.err
    assert {key: content(project, row["id"]) for key, row in files(server, name).items()} == {
        "a.md": f"alpha {name}",
        "b.txt": f"beta {name}",
    }
