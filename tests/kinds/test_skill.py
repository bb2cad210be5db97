from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.rows import Row
from owui_sync.kinds.skill import Skill
from owui_sync.kinds.write import WriteRequest
from owui_sync.values import inline_file
from tests.support.folder import Folder

ONE: Any = {
    "id": "style",
    "name": "Style",
    "description": None,
    "meta": {"tags": ["b", "a"], "i18n": None},
    "is_active": True,
    "access_grants": [],
    "files": [{"path": "SKILL.md", "content": "x"}],
}
BINARY = {"path": "a.bin", "content": "AAE=", "encoding": "base64"}
TWO: Any = {**ONE, "version_id": "v1", "files": [*ONE["files"], BINARY]}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.chdir(tmp_path)
    return Folder(tmp_path)


def body(row: Any, **values: Any) -> Row:
    return Skill().body(row, WriteRequest("style", values, IdIndex(), "why"))


def test_one_text_reads_as_content_and_several_files_read_as_files() -> None:
    one, two = Skill().live(ONE, IdIndex()), Skill().live(TWO, IdIndex())
    assert (one.values["content"], one.values["tags"], one.values["description"]) == ("x", ["a", "b"], "")
    assert one.defaults == {"files": one.values["files"]}
    assert [file["path"] for file in two.values["files"]] == ["SKILL.md", "a.bin"]
    assert [file["size"] for file in two.values["files"]] == [1, 2]
    assert two.defaults == {"content": "x"}
    assert Skill().stored_files(ONE) == []
    assert [path for path, _ in Skill().stored_files(TWO)] == ["SKILL.md", "a.bin"]


def test_an_update_keeps_what_is_not_managed() -> None:
    assert body(ONE, description="d") == {
        "id": "style",
        "name": "Style",
        "description": "d",
        "meta": {"tags": ["b", "a"], "i18n": None},
        "is_active": True,
        "commit_message": "why",
        "content": "x",
    }


def test_one_file_is_sent_as_text_which_every_version_takes() -> None:
    sent = body(ONE, files=[inline_file("SKILL.md", "y")])
    assert (sent["content"], "files" in sent) == ("y", False)


def test_a_list_of_newer_versions_tells_neither_text_nor_files() -> None:
    listed: Any = {key: TWO[key] for key in TWO if key != "files"}
    live = Skill().live(listed, IdIndex())
    assert (live.unknown, live.marker) == (frozenset({"content", "files"}), "v1")
    assert "content" not in body(listed, description="d"), "what is not sent stays"


def test_files_go_with_the_version_that_they_are_for() -> None:
    sent = body(TWO, files=[inline_file("SKILL.md", "y")])
    assert sent["files"] == [{"path": "SKILL.md", "content": "y"}]
    assert (sent["expected_version_id"], "content" in sent) == ("v1", False)


@pytest.mark.parametrize(
    ("files", "since"), [(["SKILL.md"], None), (["SKILL.md", "a"], "0.12.4"), ("skills/a", "0.12.4")]
)
def test_several_files_need_a_newer_server(files: Any, since: str | None) -> None:
    value = files if isinstance(files, str) else [inline_file(path, "x") for path in files]
    assert Skill().field("files").needs(value) == since


def test_a_folder_gives_all_its_files_also_empty_ones_and_equal_ones(folder: Folder) -> None:
    for name in ("SKILL.md", "sub/a.md", "sub/b.md"):
        folder.write(f"skills/review/{name}", "same")
    folder.write("skills/review/empty.md", "")
    desired = folder.load("skills:\n  Review: {files: skills/review}\n")
    files = desired.entries["skill/review"].values["files"]
    assert [file["path"] for file in files] == ["SKILL.md", "empty.md", "sub/a.md", "sub/b.md"]
    assert desired.warnings == ()


MISTAKES = {
    "{files: skills/a, content: x}": "`content` and `files` both say what is in it",
    "{files: skills/b}": "there is no `SKILL.md` among the files",
    "{files: skills/c}": "`SKILL.md` is not UTF-8 text",
    "{files: skills/d}": "there is no file `skills/d`",
}


@pytest.mark.parametrize("entry", MISTAKES)
def test_mistakes_are_found_without_a_server(folder: Folder, entry: str) -> None:
    folder.write("skills/a/SKILL.md", "x")
    folder.write("skills/b/skill.md", "x")
    folder.write("skills/c/SKILL.md", b"\xff")
    problems = folder.problems(f"skills:\n  s: {entry}\n")
    assert len(problems) == 1
    assert MISTAKES[entry] in problems[0]
    assert problems[0].startswith("m.yaml:3:")
