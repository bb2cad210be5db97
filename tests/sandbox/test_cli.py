from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from click.testing import CliRunner, Result
from syrupy.assertion import SnapshotAssertion

from owui_sync.cli.sandbox import command
from owui_sync.sandbox import Sandbox
from owui_sync.sandbox.errors import AlreadyRunning, NotRunning
from owui_sync.sandbox.install import SUPPORTED


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


@pytest.fixture
def asked(open_webui: Sandbox, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What `up` was asked for, which answers with the sandbox that runs already."""
    wishes: dict[str, Any] = {}

    def up(version: str, **options: Any) -> Sandbox:
        wishes.update(options, version=version)
        options["progress"]("starting")
        return open_webui

    monkeypatch.setattr("owui_sync.sandbox.up", up)
    return wishes


def test_what_up_prints_can_be_evaluated_by_a_shell(asked: dict[str, Any], open_webui: Sandbox) -> None:
    script = f'{run("up").stdout}\nprintf "%s %s" "$OWUI_URL" "$OWUI_TOKEN"'
    said = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert said.stdout == f"{open_webui.url} {open_webui.token}"


def test_up_tells_login_log_and_how_to_stop(asked: dict[str, Any], open_webui: Sandbox) -> None:
    text = run("up").stdout
    for needed in (open_webui.admin_email, open_webui.admin_password, str(open_webui.log), "sandbox down --name"):
        assert needed in text


def test_up_as_json_is_the_only_thing_on_stdout(asked: dict[str, Any], open_webui: Sandbox) -> None:
    result = run("up", "--format", "json")
    document = json.loads(result.stdout)
    assert document["token"] == open_webui.token
    assert document["data"] == str(open_webui.data)
    assert result.stderr.splitlines()[0] == "starting"
    assert "ready in" in result.stderr


def test_options_reach_the_sandbox(asked: dict[str, Any]) -> None:
    run("up", "--version", "0.6.43", "--port", "9999", "--data", "folder", "--name", "old")
    assert (asked["version"], asked["port"], str(asked["data"]), asked["name"]) == ("0.6.43", 9999, "folder", "old")


def test_status_lists_what_runs(open_webui: Sandbox) -> None:
    assert f"{open_webui.name} running" in " ".join(run("status").stdout.split())
    assert f"{open_webui.url}  login {open_webui.admin_email} / {open_webui.admin_password}" in run("status").stdout
    rows = {row["name"]: row for row in json.loads(run("status", "--format", "json").stdout)["sandboxes"]}
    assert rows[open_webui.name]["condition"] == "running"
    assert rows[open_webui.name]["url"] == open_webui.url


@pytest.mark.usefixtures("own_cache")
def test_status_says_so_when_none_runs(golden: SnapshotAssertion) -> None:
    assert run("status").stdout == golden
    assert json.loads(run("status", "--format", "json").stdout) == {"sandboxes": []}


@pytest.mark.usefixtures("own_cache")
def test_down_of_all_is_content_with_none() -> None:
    assert json.loads(run("down", "--all", "--format", "json").stdout) == {"stopped": []}


def test_errors_are_raised_for_the_top_level_to_print(open_webui: Sandbox) -> None:
    assert isinstance(run("down", "--name", "nobody").exception, NotRunning)
    assert isinstance(run("up", "--name", open_webui.name, "--port", "1").exception, AlreadyRunning)


def test_name_and_all_exclude_each_other() -> None:
    assert run("down", "--all", "--name", "x").exit_code == 2


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, owui_sync.cli.sandbox; print([m for m in ('httpx', 'pytest', 'rich') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_up_of_one_that_runs_prints_how_to_reach_it(open_webui: Sandbox) -> None:
    ran = run("up", "--name", open_webui.name)
    assert f"export OWUI_URL={open_webui.url}" in ran.output
    assert "runs already" in ran.output
    version = next(each for each in SUPPORTED if each != open_webui.version)
    assert isinstance(run("up", "--name", open_webui.name, "--version", version).exception, AlreadyRunning)
