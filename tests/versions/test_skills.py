"""Skills on every version that has them, checked through the server's own API."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from tests.support.project import Project, causes, changes
from tests.support.server import PUBLIC, Server

SINCE, FILES_SINCE = (0, 8, 0), (0, 12, 4)
TEXT = "---\nname: other\n---\r\n# Style\n\nShort sentences.  \n"


@pytest.fixture
def key(project: Project) -> str:
    return f"s-{project.stack[-8:]}"


@pytest.fixture
def texts(project: Project) -> Project:
    """The project with a text and a folder of files."""
    (project.folder / "style.md").write_text(TEXT, newline="")
    folder = project.folder / "review"
    (folder / "lists").mkdir(parents=True)
    (folder / "SKILL.md").write_text("Read the list.\n")
    (folder / "lists" / "checklist.md").write_text("- a\n")
    (folder / "picture.bin").write_bytes(b"\x00\xff")
    return project


def skill(server: Server, key: str) -> Any:
    return server.get(f"/api/v1/skills/id/{key}")


def paths(server: Server, key: str) -> list[str]:
    return sorted(file["path"] for file in server.get(f"/api/v1/skills/id/{key}/files")["files"])


def refused(project: Project, server: Server, since: tuple[int, ...]) -> bool:
    """Whether the version lacks what the manifest asks for; then the plan must say so."""
    if server.version >= since:
        return False
    ran = project.run("plan", ".")
    assert ran.code == 1
    assert f"needs Open WebUI {'.'.join(map(str, SINCE if server.version < SINCE else since))}" in ran.err
    return True


def test_a_text_is_made_changed_and_deleted(texts: Project, server: Server, key: str) -> None:
    texts.write(f"""
        skills:
          {key}: {{name: Style {key}, description: d, tags: [b, a], content: !file style.md, access: public}}
        """)
    if refused(texts, server, SINCE):
        return
    assert changes(texts.apply()) == {f"skill/{key}": "create"}
    made = skill(server, key)
    assert (made["content"], made["description"], made["is_active"]) == (TEXT, "d", True)
    assert sorted(made["meta"]["tags"]) == ["a", "b"]
    assert server.grants(made) == PUBLIC
    assert changes(texts.plan()) == {}

    (texts.folder / "style.md").write_text("Long sentences.\n")
    texts.write(f"skills:\n  {key}: {{name: Style {key}, tags: [a], content: !file style.md, active: false}}\n")
    assert causes(texts.apply()) == {
        f"skill/{key} content": "manifest",
        f"skill/{key} tags": "manifest",
        f"skill/{key} active": "manifest",
        f"skill/{key} description": "reset",
        f"skill/{key} access": "reset",
    }
    changed = skill(server, key)
    assert (changed["content"], changed["is_active"], changed["description"]) == ("Long sentences.\n", False, "")
    assert (changed["meta"]["tags"], server.grants(changed)) == (["a"], set())
    assert changes(texts.plan()) == {}

    texts.write("")
    assert changes(texts.apply()) == {f"skill/{key}": "delete"}
    assert key not in {row["id"] for row in server.get("/api/v1/skills/export")}


def test_drift_is_put_right_and_what_is_not_written_stays(texts: Project, server: Server, key: str) -> None:
    texts.write(f"skills:\n  {key}: {{name: {key}, content: !file style.md}}\n")
    if refused(texts, server, SINCE):
        return
    texts.apply()
    row = skill(server, key)
    drifted = {"id": key, "name": key, "description": "mine", "content": "other", "meta": {"tags": ["t"]}}
    server.post(f"/api/v1/skills/id/{key}/update", {**drifted, "is_active": row["is_active"]})
    assert causes(texts.apply()) == {f"skill/{key} content": "drift"}
    row = skill(server, key)
    assert (row["content"], row["description"], row["meta"]["tags"]) == (TEXT, "mine", ["t"])


def test_a_folder_is_the_exact_set_of_files(texts: Project, server: Server, key: str) -> None:
    texts.write(f"skills:\n  {key.upper()}: {{name: {key}, files: review}}\n")
    if refused(texts, server, FILES_SINCE):
        return
    assert changes(texts.apply()) == {f"skill/{key}": "create"}
    assert paths(server, key) == ["SKILL.md", "lists/checklist.md", "picture.bin"]
    assert changes(texts.plan()) == {}

    (texts.folder / "review" / "SKILL.md").write_text("Read both.\n")
    (texts.folder / "review" / "picture.bin").write_bytes(b"\x00\xfe")
    for words in ([], ["--full-diff"], ["--format", "markdown"], ["--format", "html"]):
        shown = texts.run("plan", ".", *words).out
        assert all(each in shown for each in ("Read the list.", "Read both.", "2 B, sha256 ")), words

    (texts.folder / "review" / "picture.bin").unlink()
    (texts.folder / "review" / "empty.md").write_text("")
    (change,) = texts.apply()["changes"]
    files = change["fields"][0]["files"]
    assert {word: len(files[word]) for word in ("added", "changed", "removed")} == {
        "added": 1,
        "changed": 1,
        "removed": 1,
    }
    assert paths(server, key) == ["SKILL.md", "empty.md", "lists/checklist.md"]
    assert skill(server, key)["content"] == "Read both.\n"

    ran = texts.run("export", "-o", "out", "--stack", texts.stack)
    assert ran.code == 0, ran.err
    assert (texts.folder / f"out/skills/{key}/lists/checklist.md").read_text() == "- a\n"
    ran = texts.run("plan", "--config", "out/owui-sync.yaml", "--format", "json")
    assert ran.code == 0, ran.err
    assert changes(ran.document) == {}
    shutil.rmtree(texts.folder / "out")

    texts.write(f"skills:\n  {key}: {{name: {key}, content: !file style.md}}\n")
    assert causes(texts.apply()) == {f"skill/{key} content": "manifest"}
    assert paths(server, key) == ["SKILL.md", "empty.md", "lists/checklist.md"], "files are no longer managed"


def test_a_folder_with_the_one_file_is_a_skill_everywhere(texts: Project, server: Server, key: str) -> None:
    for name in ("picture.bin", "lists/checklist.md"):
        (texts.folder / "review" / name).unlink()
    texts.write(f"skills:\n  {key}: {{name: {key}, files: review}}\n")
    if refused(texts, server, SINCE):
        return
    texts.apply()
    assert skill(server, key)["content"] == "Read the list.\n"
    assert changes(texts.plan()) == {}


def test_a_saved_plan_reads_the_files_again(texts: Project, server: Server, key: str) -> None:
    texts.write(f"skills:\n  {key}: {{name: {key}, files: review}}\n")
    if refused(texts, server, FILES_SINCE):
        return
    assert texts.run("plan", ".", "--out", "plan.json").code == 0
    (texts.folder / "review" / "SKILL.md").write_text("Another.\n")
    assert texts.run("apply", "plan.json", "--yes").code == 4
    (texts.folder / "review" / "SKILL.md").write_text("Read the list.\n")
    ran = texts.run("apply", "plan.json", "--yes")
    assert ran.code == 0, ran.err
    assert paths(server, key) == ["SKILL.md", "lists/checklist.md", "picture.bin"]


def test_a_plan_without_changes_reads_no_files(texts: Project, server: Server, key: str) -> None:
    def requests(count: int) -> int:
        entries = [f"  {key}-{number}: {{name: {key}-{number}, content: !file style.md}}\n" for number in range(count)]
        texts.write("skills:\n" + "".join(entries))
        texts.apply()
        document = texts.plan()
        assert changes(document) == {}
        return int(document["requests"])

    texts.write(f"skills:\n  {key}: {{content: !file style.md}}\n")
    if not refused(texts, server, SINCE):
        assert requests(1) == requests(3)


def test_a_name_that_is_taken_is_told_as_such(texts: Project, server: Server, key: str) -> None:
    texts.write(f"skills:\n  {key}: {{name: {key}}}\n")
    if refused(texts, server, SINCE):
        return
    texts.apply()
    texts.write(f"skills:\n  {key}: {{name: {key}}}\n  {key}-2: {{name: {key}}}\n")
    ran = texts.run("apply", ".", "--yes")
    assert ran.code in (1, 3)
    assert f"with the name `{key}`" in ran.out or f"another skill has the name `{key}`" in ran.out


def test_a_model_may_name_a_skill_of_the_same_manifest(texts: Project, server: Server, key: str) -> None:
    texts.write(f"""
        models:
          {key}: {{base: gpt-4.1, skills: [{key}]}}
        skills:
          {key}: {{name: {key}, content: !file style.md}}
        """)
    if refused(texts, server, SINCE):
        return
    document = texts.apply()
    assert {change["kind"]: change["depends_on"] for change in document["changes"]}["model"] == [f"skill/{key}"]
    assert server.models()[key]["meta"]["skillIds"] == [key]
    assert changes(texts.plan()) == {}
