"""The workflow of `init` and the action, run by act against a real server and a fake GitHub: `make actions-test`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from owui_sync.manifest.starter import WORKFLOW, create
from owui_sync.sandbox import Sandbox
from tests.ci.fake_forge import Forge, forge

TOP = Path(__file__).parents[3]
REUSABLE = TOP / ".github/workflows/reusable.yml"
BIN = Path(sys.executable).parent
_NOTHING = "name: x\ndescription: x\nruns: {using: composite, steps: [{run: 'true', shell: bash}]}\n"
_ACTION = """\
on: [pull_request, push]
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
      - uses: ./owui-sync
        id: owui
        with: {command: @COMMAND@, source: none}
        env:
          OWUI_URL: ${{ vars.OWUI_URL }}
          OWUI_TOKEN: ${{ secrets.OWUI_TOKEN }}
      - run: echo "told ${{ steps.owui.outputs.changes }} ${{ steps.owui.outputs.exitcode }}"
"""


def _git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    subprocess.run(["git", "-C", str(folder), *identity, *words], check=True, capture_output=True)


@dataclass
class Repository:
    """A repository on a fake GitHub, with the workflow of `owui-sync init`."""

    folder: Path
    stubs: dict[str, Path]
    server: Sandbox
    github: Forge

    def run(self, event: str, payload: dict[str, Any], workflow: str = WORKFLOW) -> subprocess.CompletedProcess[str]:
        """Run a workflow for an event."""
        file = self.folder.parent / "event.json"
        file.write_text(json.dumps(payload))
        stubs = [word for name, path in self.stubs.items() for word in ("--local-repository", f"{name}={path}")]
        command = [str(BIN / "act"), event, "-W", workflow, "-e", str(file), "-P", "ubuntu-latest=-self-hosted", *stubs]
        command += ["--env", f"GITHUB_API_URL={self.github.url}", "--env", "GITHUB_REPOSITORY=o/r"]
        command += ["--var", f"OWUI_URL={self.server.url}", "-s", f"OWUI_TOKEN={self.server.token}"]
        command += ["-s", "GITHUB_TOKEN=hunter2"]
        env = {**os.environ, "PATH": f"{self.folder.parent}/bin:{BIN}:{os.environ['PATH']}"}
        env["XDG_CACHE_HOME"] = str(self.folder.parent / "cache")
        env["OWUI_SYNC_CACHE"] = str(self.folder.parent / "cache")
        done = subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, timeout=200)
        assert "hunter2" not in done.stdout + done.stderr
        assert self.server.token not in done.stdout + done.stderr
        return done

    def prompts(self) -> dict[str, str]:
        """Command -> content, as the server has it."""
        headers = {"Authorization": f"Bearer {self.server.token}"}
        rows = httpx.get(f"{self.server.url}/api/v1/prompts/", headers=headers).json()
        return {row["command"]: row["content"] for row in rows}


@pytest.fixture
def repository(tmp_path: Path, open_webui: Sandbox) -> Iterator[Repository]:
    """A repository with a starter project."""
    folder = tmp_path / "project"
    create(folder, "./wheel.whl")
    _git(folder, "init", "--initial-branch=main")
    _git(folder, "remote", "add", "origin", "https://git.example.com/o/r.git")
    text = _without_queue(folder / WORKFLOW)
    uses = {step["uses"] for job in yaml.safe_load(text)["jobs"].values() for step in job["steps"] if "uses" in step}
    stubs = {}
    uses |= {
        step["uses"] for step in yaml.safe_load((TOP / "action.yml").read_text())["runs"]["steps"] if "uses" in step
    }
    for name in uses:
        stub = tmp_path / name.replace("/", "-")
        stub.mkdir()
        (stub / "action.yml").write_text(_NOTHING)
        stubs[name] = stub
    (tmp_path / "bin").mkdir()
    for program in ("pip", "python3"):
        path = tmp_path / "bin" / program
        path.write_text("#!/bin/sh\nexit 0\n" if program == "pip" else f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        path.chmod(0o755)
    _git(folder, "add", "-A")
    _git(folder, "commit", "-m", "x")
    with forge() as github:
        yield Repository(folder, stubs, open_webui, github)


def _without_queue(workflow: Path) -> str:
    """Take out of a workflow what act and the schema of check-jsonschema do not know yet; return its text."""
    lines = workflow.read_text().splitlines(keepends=True)
    kept = [line for line in lines if "queue: max" not in line]
    assert len(kept) == len(lines) - 1
    workflow.write_text("".join(kept))
    return workflow.read_text()


_PUSH = {"ref": "refs/heads/main", "repository": {"full_name": "o/r"}}


def _pull_request(repository: str = "o/r") -> dict[str, Any]:
    head = {"sha": "abc", "ref": "change", "repo": {"full_name": repository}}
    return {"pull_request": {"number": 7, "head": head, "base": {"ref": "main"}}, "repository": {"full_name": "o/r"}}


def test_a_pull_request_gets_the_plan_and_the_merge_applies_it(repository: Repository) -> None:
    planned = repository.run("pull_request", _pull_request())
    assert planned.returncode == 0, planned.stdout[-4000:]
    (comment,) = repository.github.comments
    assert "prompt/summarise" in comment["body"]
    applied = repository.run("push", _PUSH)
    assert applied.returncode == 0, applied.stdout[-4000:]
    (comment,) = repository.github.comments
    assert '"closed": true' in comment["body"]
    assert "summarise" in repository.prompts()
    drift = repository.run("schedule", {"repository": {"full_name": "o/r"}})
    assert drift.returncode == 0, drift.stdout[-4000:]
    assert repository.github.issues == []


def test_a_plan_that_was_not_reviewed_is_applied_by_hand_only(repository: Repository) -> None:
    manifest = repository.folder / "manifests/other.yaml"
    manifest.write_text("version: 1\nprompts: {not-reviewed: {content: x}}\n")
    _git(repository.folder, "add", "-A")
    assert repository.run("pull_request", _pull_request()).returncode == 0
    manifest.write_text("version: 1\nprompts: {not-reviewed: {content: y}}\n")
    refused = repository.run("push", _PUSH)
    assert refused.returncode != 0
    assert "the plan is not the expected one" in refused.stdout
    assert "not-reviewed" not in repository.prompts()
    _, told = repository.github.comments
    assert "not the one that was reviewed" in told["body"]
    by_hand = repository.run("workflow_dispatch", {"repository": {"full_name": "o/r"}})
    assert by_hand.returncode == 0, by_hand.stdout[-4000:]
    assert repository.prompts()["not-reviewed"] == "y"
    assert '"closed": true' in told["body"]


def test_a_pull_request_of_a_fork_is_only_validated(repository: Repository) -> None:
    done = repository.run("pull_request", _pull_request("somebody/r"))
    assert done.returncode == 0, done.stdout[-4000:]
    assert "valid: 1 prompt" in done.stdout
    assert repository.github.seen == []


def test_a_plan_that_fails_fails_the_run_and_says_so_in_the_comment(repository: Repository) -> None:
    (repository.folder / "manifests/other.yaml").write_text(
        "version: 1\nmodels: {bot: {access: {read: {groups: [Nobody]}}}}\n"
    )
    _git(repository.folder, "add", "-A")
    done = repository.run("pull_request", _pull_request())
    assert done.returncode != 0
    (comment,) = repository.github.comments
    assert "plan failed" in comment["body"]
    assert "Nobody" in comment["body"]


def test_the_action_gives_outputs_and_comments(repository: Repository) -> None:
    (repository.folder / "owui-sync").mkdir()
    shutil.copy(TOP / "action.yml", repository.folder / "owui-sync")
    (repository.folder / "manifests/other.yaml").write_text("version: 1\nprompts: {of-the-action: {content: x}}\n")
    workflow = repository.folder / ".github/workflows/action.yml"

    def run(command: str, event: str, payload: dict[str, Any]) -> str:
        workflow.write_text(_ACTION.replace("@COMMAND@", command))
        _git(repository.folder, "add", "-A")
        done = repository.run(event, payload, ".github/workflows/action.yml")
        return done.stdout

    assert "told true 0" in run("plan", "pull_request", _pull_request())
    assert "of-the-action" in repository.github.comments[0]["body"]
    (repository.folder / "manifests/other.yaml").write_text("version: 1\nprompts: {of-the-action: {content: y}}\n")
    assert "the plan is not the expected one" in run("apply", "push", _PUSH)
    (repository.folder / "manifests/other.yaml").write_text("version: 1\nprompts: {of-the-action: {content: x}}\n")
    assert "told true 0" in run("apply", "push", _PUSH)
    assert repository.prompts()["of-the-action"] == "x"


_CALLER = """\
on: [pull_request, push]
permissions: {contents: read, pull-requests: write, issues: write}
jobs:
  call:
    uses: ./.github/workflows/reusable.yml
    with: {repository: o/owui-sync, ref: abc, url: "${{ vars.OWUI_URL }}", source: none}
    secrets: {token: "${{ secrets.OWUI_TOKEN }}"}
"""


def test_the_reusable_workflow_plans_applies_and_only_validates_forks(repository: Repository) -> None:
    folder = repository.folder
    (folder / ".owui-sync").mkdir()
    shutil.copy(TOP / "action.yml", folder / ".owui-sync")
    shutil.copy(REUSABLE, folder / ".github/workflows")
    _without_queue(folder / ".github/workflows/reusable.yml")
    (folder / ".github/workflows/caller.yml").write_text(_CALLER)
    (folder / "manifests/other.yaml").write_text("version: 1\nprompts: {of-the-caller: {content: x}}\n")
    _git(folder, "add", "-A")
    fork = repository.run("pull_request", _pull_request("somebody/r"), ".github/workflows/caller.yml")
    assert fork.returncode == 0, fork.stdout[-4000:]
    assert repository.github.seen == []
    planned = repository.run("pull_request", _pull_request(), ".github/workflows/caller.yml")
    assert planned.returncode == 0, planned.stdout[-4000:]
    assert "of-the-caller" in repository.github.comments[0]["body"]
    applied = repository.run("push", _PUSH, ".github/workflows/caller.yml")
    assert applied.returncode == 0, applied.stdout[-4000:]
    assert "of-the-caller" in repository.prompts()


def test_they_fit_the_schemas_of_github_and_have_no_known_weakness(tmp_path: Path) -> None:
    create(tmp_path)
    workflow = tmp_path / WORKFLOW
    _without_queue(workflow)
    reusable = Path(shutil.copy(REUSABLE, tmp_path))
    _without_queue(reusable)
    action, own = TOP / "action.yml", [TOP / f".github/workflows/{name}.yml" for name in ("release", "docs")]
    for command in (
        [BIN / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", workflow, reusable, *own],
        [BIN / "check-jsonschema", "--builtin-schema", "vendor.github-actions", action],
        [BIN / "zizmor", "--offline", "--no-progress", "--min-severity", "medium", workflow, reusable, action, *own],
    ):
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
