"""The starter folder: valid, and never in the way of what is there."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from syrupy.assertion import SnapshotAssertion

from owui_sync.errors import OwuiSyncError, UsageError
from owui_sync.manifest.config import load_config
from owui_sync.manifest.load import load
from owui_sync.manifest.starter import WORKFLOW, check_source, create, stack_name
from owui_sync.manifest.yaml.parser import TAGS
from tests.support.folder import Folder


def test_everything_is_created_and_then_kept(folder: Folder) -> None:
    assert {state for _, state in create(folder.path / "new")} == {"created"}
    assert {state for _, state in create(folder.path / "new")} == {"kept"}


def test_what_the_files_say(folder: Folder, golden: SnapshotAssertion) -> None:
    top = folder.path / "support"
    create(top)
    paths = sorted(path for path in top.rglob("*") if path.is_file() and path.parent.name != "schemas")
    assert {path.relative_to(top).as_posix(): path.read_text() for path in paths} == golden


def test_the_manifests_are_valid_and_the_configuration_finds_them(folder: Folder) -> None:
    create(folder.path)
    target = load_config(folder.path / "owui-sync.yaml").target(None)
    desired = load(target.require_layers(), root=target.root, stack=target.stack)
    assert desired.warnings == ()
    assert "prompt/summarise" in desired.entries


@pytest.mark.parametrize(
    ("folder_name", "stack"),
    [("support", "support"), ("Mein Team (neu)", "Mein-Team-neu"), ("..x..", "x"), ("007", "007"), ("Büro", "Buro")],
)
def test_the_stack_is_called_after_the_folder(folder: Folder, folder_name: str, stack: str) -> None:
    create(folder.path / folder_name)
    assert load_config(folder.path / folder_name / "owui-sync.yaml").target(None).stack == stack


def test_a_folder_without_a_letter_gets_a_stack_of_its_own(folder: Folder) -> None:
    one, other = stack_name(folder.path / "日本"), stack_name(folder.path / "中国")
    assert one.startswith("stack-")
    assert one != other


def test_a_long_name_is_cut_to_what_a_stack_may_be_called(folder: Folder) -> None:
    assert stack_name(folder.path / ("x" * 62 + "-yz")) == "x" * 62


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


def test_the_stack_is_called_after_the_repository(folder: Folder) -> None:
    top = folder.path / "acme-chat"
    top.mkdir()
    _git(top, "init")
    assert stack_name(top) == "acme-chat"
    assert stack_name(top / "teams" / "support") == "acme-chat-teams-support", "two projects of one repository"


@pytest.mark.parametrize(
    "remote",
    ["git@git.example.com:acme/chat-config.git", "https://git.example.com/acme/chat-config/", "../chat-config"],
)
def test_the_remote_names_the_repository_alike_in_every_clone(folder: Folder, remote: str) -> None:
    _git(folder.path, "init")
    _git(folder.path, "remote", "add", "origin", remote)
    assert stack_name(folder.path) == "chat-config"


def test_the_commented_examples_are_valid_too(folder: Folder) -> None:
    create(folder.path)
    path = folder.path / "manifests/example.yaml"
    lines = path.read_text().splitlines(keepends=True)
    head = next(number for number, line in enumerate(lines) if line.startswith("version"))
    path.write_text(
        "".join(line.removeprefix("#").removeprefix(" ") if line.startswith("#") else line for line in lines[head:])
    )
    assert {entry.kind for entry in load([path]).entries.values()} == {"prompt", "group", "model", "tool", "skill"}


def test_what_is_there_is_never_overwritten(folder: Folder) -> None:
    folder.write("owui-sync.yaml", "mine")
    folder.write(".gitignore", "mine")
    states = dict(create(folder.path))
    assert (folder.path / "owui-sync.yaml").read_text() == "mine"
    assert (folder.path / ".gitignore").read_text() == "mine\n*.plan.json\n"
    assert states[(folder.path / ".gitignore").as_posix()] == "extended"


def test_the_editor_knows_schemas_and_tags(folder: Folder) -> None:
    create(folder.path)
    settings = json.loads((folder.path / ".vscode/settings.json").read_text())
    assert {tag.split()[0] for tag in settings["yaml.customTags"]} == {f"!{tag}" for tag in TAGS}
    for schema in settings["yaml.schemas"]:
        assert json.loads((folder.path / schema).read_text())["title"].startswith("owui-sync")


def _workflow(folder: Folder) -> Any:
    return yaml.safe_load((folder.path / WORKFLOW).read_text())


def _install(folder: Folder, job: str) -> str:
    steps = _workflow(folder)["jobs"][job]["steps"]
    (script,) = (step["run"] for step in steps if step.get("name") == "Install owui-sync")
    return str(script)


def _run(folder: Folder, script: str, source: str) -> subprocess.CompletedProcess[str]:
    """Run a step as GitHub does, with a pip that only tells what it is asked for."""
    pip = folder.write("bin/pip", '#!/bin/sh\nprintf "%s|" "$@"\n')
    pip.chmod(0o755)
    env = {"PATH": f"{pip.parent}:/usr/bin:/bin", "OWUI_SYNC_SOURCE": source}
    return subprocess.run(["bash", "-e", "-c", script], env=env, capture_output=True, text=True)


def test_the_workflow_plans_pull_requests_and_applies_merges(folder: Folder) -> None:
    create(folder.path)
    workflow = _workflow(folder)
    assert set(workflow["jobs"]) == {"plan", "apply", "drift"}
    assert workflow["permissions"] == {}
    assert {job: one["permissions"] for job, one in workflow["jobs"].items()} == {
        "plan": {"contents": "read", "pull-requests": "write"},
        "apply": {"contents": "read", "pull-requests": "write"},
        "drift": {"contents": "read", "issues": "write"},
    }


@pytest.mark.parametrize("job", ["plan", "apply", "drift"])
def test_the_workflow_installs_from_its_source_and_stops_without_one(folder: Folder, job: str) -> None:
    create(folder.path, "git+https://git.example.com/owui-sync@4f2a")
    assert _workflow(folder)["env"]["OWUI_SYNC_SOURCE"] == "git+https://git.example.com/owui-sync@4f2a"
    script = _install(folder, job)
    assert _run(folder, script, "./x y.whl").stdout == "install|./x y.whl|"
    stopped = _run(folder, script, "")
    assert stopped.returncode == 1
    assert stopped.stdout.startswith("::error::set OWUI_SYNC_SOURCE")


def test_the_workflow_names_no_package_and_pins_actions_by_commit(folder: Folder) -> None:
    create(folder.path)
    text = (folder.path / WORKFLOW).read_text()
    assert _workflow(folder)["env"]["OWUI_SYNC_SOURCE"] == ""
    assert "install owui-sync" not in text
    assert all(re.search(r"@[0-9a-f]{40} # v\d", line) for line in text.splitlines() if "uses:" in line)


@pytest.mark.parametrize(
    "source",
    [
        "https://files.example.com/owui_sync-0.1.0-py3-none-any.whl",
        "git+https://git.example.com/tools/owui-sync@0123456789abcdef0123456789abcdef01234567",
        "git+ssh://git@git.example.com/tools/owui-sync@v1",
        "./tools/owui-sync",
        "owui_sync-0.1.0-py3-none-any.whl",
    ],
)
def test_a_source_is_an_address_or_a_path(source: str) -> None:
    assert check_source(source) == source


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("owui-sync", "anybody could register"),
        ("owui-sync==0.1.0", "anybody could register"),
        ("--index-url=https://x/y", "nothing that pip installs"),
        ("x/y\nz", "nothing that pip installs"),
        ("http://files.example.com/owui_sync.whl", "on the way"),
        ("https://me:password@files.example.com/owui_sync.whl", "password"),
    ],
)
def test_a_source_that_is_not_safe_is_refused(source: str, why: str) -> None:
    with pytest.raises(UsageError, match=why) as caught:
        check_source(source)
    assert ":password" not in str(caught.value)


def test_the_workflow_of_a_project_below_the_top_works_in_its_folder(folder: Folder) -> None:
    _git(folder.path, "init")
    create(folder.path / "teams" / "support")
    text = (folder.path / "teams/support" / WORKFLOW).read_text()
    assert yaml.safe_load(text)["defaults"] == {"run": {"working-directory": "teams/support"}}


def test_a_file_that_cannot_be_written_is_told(folder: Folder) -> None:
    folder.write("manifests", "a file where a folder must be")
    with pytest.raises(OwuiSyncError, match=r"cannot write.*manifests"):
        create(folder.path)
