from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.errors import OwuiSyncError
from owui_sync.export.content import Content
from owui_sync.export.entry import ExportedEntry
from owui_sync.export.folder import check_empty, files_of, write
from owui_sync.manifest.config import load_config
from owui_sync.manifest.load import load

CONTENT = Content(
    "team",
    {
        "user": (ExportedEntry("user", "bob@example.com", {"name": "Bob"}),),
        "permissions": (ExportedEntry("permissions", "default", {"chat": {"delete": False}}),),
        "prompt": (
            ExportedEntry("prompt", "a", {"content": "x"}),
            ExportedEntry("prompt", "b", {"content": "1\r\n2", "tags": ["t"], "keep": True}),
            ExportedEntry("prompt", "c", {}, ("content",)),
        ),
    },
    ({"models": ["m"], "access": "public"},),
)


def test_the_folder_is_a_project_that_says_what_was_exported(tmp_path: Path) -> None:
    write(CONTENT, tmp_path)
    target = load_config(tmp_path / "owui-sync.yaml").target(None)
    desired = load(target.layers, root=target.root, stack=target.stack)
    assert desired.stack == "team"
    assert {address: dict(entry.values) for address, entry in desired.entries.items()} == {
        "user/bob@example.com": {"name": "Bob"},
        "permissions/default": {"chat.delete": False},
        "prompt/a": {"content": "x"},
        "prompt/b": {"content": "1\r\n2", "tags": ["t"]},
        "prompt/c": {},
    }
    assert desired.entries["prompt/b"].keep
    assert [(rule.models, rule.access) for rule in desired.rules] == [(("m",), "public")]


def test_each_section_is_a_manifest_with_its_texts_in_a_folder_beside_it(golden: SnapshotAssertion) -> None:
    files = files_of(CONTENT)
    assert sorted(files) == [
        "manifests/access_rules.yaml",
        "manifests/permissions.yaml",
        "manifests/prompts.yaml",
        "manifests/prompts/b.md",
        "manifests/users.yaml",
        "owui-sync.yaml",
        "schemas/config.schema.json",
        "schemas/manifest.schema.json",
    ]
    assert files["manifests/prompts/b.md"] == b"1\r\n2"
    prompts = files["manifests/prompts.yaml"].decode()
    assert "content: !file prompts/b.md\n" in prompts
    assert "# content: !secret ...  #" in prompts
    assert {name: files[name].decode() for name in files if name.endswith(".yaml")} == golden


def test_what_the_server_never_gives_back_is_said_once() -> None:
    text = files_of(CONTENT)["manifests/users.yaml"].decode()
    assert text.count("password") == 2
    assert "`password: !secret NAME`.\nusers:\n" in text


def test_a_singleton_is_the_section_itself() -> None:
    text = files_of(CONTENT)["manifests/permissions.yaml"].decode()
    assert text.endswith("\npermissions:\n  chat:\n    delete: false\n")


def test_entries_of_one_line_stand_together() -> None:
    content = Content("s", {"prompt": (ExportedEntry("prompt", "a"), ExportedEntry("prompt", "b"))})
    assert files_of(content)["manifests/prompts.yaml"].decode().endswith("prompts:\n  a: {}\n  b: {}\n")


@pytest.mark.parametrize("there", [None, ".git/HEAD"])
def test_a_new_folder_an_empty_one_and_a_fresh_repository_will_do(tmp_path: Path, there: str | None) -> None:
    if there:
        (tmp_path / there).parent.mkdir()
        (tmp_path / there).touch()
    check_empty(tmp_path)
    check_empty(tmp_path / "new")


def test_a_folder_with_anything_in_it_is_refused(tmp_path: Path, golden: SnapshotAssertion) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(OwuiSyncError, match=r"`notes\.txt`") as caught:
        check_empty(tmp_path)
    assert str(caught.value).replace(str(tmp_path), "FOLDER") == golden


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OwuiSyncError, match="cannot export into"):
        check_empty(tmp_path / "file")


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "manifests").touch()
    with pytest.raises(OwuiSyncError, match="cannot write"):
        write(CONTENT, tmp_path)
