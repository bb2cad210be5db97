"""Exports with the files of knowledge bases, on every version."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.project import Project, changes
from tests.support.server import Server

ODD = ["a:b.md", "con.md", "späße 日本.md", "blank in name.md"]


def write(project: Project, files: dict[str, bytes]) -> None:
    for path, data in files.items():
        (project.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (project.folder / path).write_bytes(data)


def tree(project: Project, folder: str) -> dict[str, bytes]:
    """Path -> bytes of all files below a folder of the project."""
    top = project.folder / folder
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in top.rglob("*") if path.is_file()}


@pytest.fixture
def name(project: Project) -> str:
    return f"kb-{project.stack[-8:]}"


@pytest.fixture
def applied(project: Project, name: str) -> Project:
    texts = {f"docs/{place}": f"{place} of {name}\n".encode() for place in ["a.md", "deep/er/b.md", "deep/c.txt", *ODD]}
    write(project, {**texts, "docs/crlf.txt": f"{name}\r\nends\r\n".encode()})
    project.write(f"knowledge:\n  {name}: {{files: [docs]}}\n")
    project.apply()
    return project


def of_export(project: Project) -> Project:
    return Project(project.folder / "out", project.sandbox, project.stack)


def test_files_come_back_byte_for_byte_in_their_folders_and_plan_empty(applied: Project, name: str) -> None:
    ran = applied.run("export", "--files", "-o", "out", "--stack", applied.stack)
    assert ran.code == 0, ran.err
    assert "warning" not in ran.err
    written = tree(applied, "docs")
    plain = {place: data for place, data in written.items() if place not in ("a:b.md", "con.md")}
    assert tree(applied, f"out/knowledge/{name}") == plain
    assert tree(applied, f"out/knowledge/{name}-renamed") == {
        "a-b.md": written["a:b.md"],
        "_con.md": written["con.md"],
    }
    assert changes(of_export(applied).run("plan", "--format", "json").document) == {}


def test_without_the_option_files_stay_unmanaged_and_are_counted(applied: Project, name: str) -> None:
    ran = applied.run("export", "-o", "out", "--stack", applied.stack)
    assert ran.code == 0, ran.err
    assert f"warning: knowledge/{name}: 8 files are not exported; --files saves them" in ran.err
    assert not (applied.folder / "out/knowledge").exists()
    assert changes(of_export(applied).run("plan", "--format", "json").document) == {}


def test_a_file_whose_original_is_gone_is_named_and_no_plan_deletes_it(
    applied: Project, name: str, server: Server
) -> None:
    ids = {row["filename"].split("__")[-1]: row["id"] for row in rows(server, name)}
    for path in (applied.sandbox.data / "uploads").glob(f"{ids['b.md']}*"):
        path.unlink()
    ran = applied.run("export", "--files", "-o", "out", "--stack", applied.stack)
    assert ran.code == 0, ran.err
    assert "`files` is left out: the server no longer has the original of `deep/er/b.md`" in ran.err
    assert (applied.folder / f"out/knowledge/{name}/a.md").is_file()
    assert not (applied.folder / f"out/knowledge/{name}/deep/er/b.md").exists()
    assert changes(of_export(applied).run("plan", "--format", "json").document) == {}


def test_files_that_a_person_uploaded_are_exported_where_the_server_knows_their_digests(
    project: Project, name: str, server: Server
) -> None:
    base = server.post("/api/v1/knowledge/create", {"name": name, "description": "d"})
    data = f"by hand, {name}".encode()
    by_hand(project, server, base["id"], data)
    ran = project.run("export", "--files", "-o", "out", "--only", f"knowledge/{name}")
    assert ran.code == 0, ran.err
    assert tree(project, f"out/knowledge/{name}") == {"hand.md": data}
    knows = server.version >= (0, 9, 6)
    assert ("does not know the digest of `hand.md`" in ran.err) is not knows
    assert f"- ../knowledge/{name}" in (project.folder / "out/manifests/knowledge.yaml").read_text() or not knows
    document = of_export(project).run("plan", "--format", "json").document
    assert [change["fields"] for change in document["changes"]] in ([], [[]])


def rows(server: Server, name: str) -> list[Any]:
    """The files of a knowledge base."""
    [base] = [row for row in server.get("/api/v1/knowledge/")["items"] if row["name"] == name]
    return list(server.get(f"/api/v1/knowledge/{base['id']}/files")["items"])


def by_hand(project: Project, server: Server, base: str, data: bytes) -> None:
    """Uploads a file past our client."""
    headers = {"Authorization": f"Bearer {project.sandbox.token}"}
    url = f"{project.sandbox.url}/api/v1/files/?process=true&process_in_background=false"
    row = httpx.post(url, headers=headers, files={"file": ("hand.md", data)}, timeout=60).raise_for_status().json()
    server.post(f"/api/v1/knowledge/{base}/file/add", {"file_id": row["id"]})
