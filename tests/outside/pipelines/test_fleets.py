"""The examples of how other systems run a fleet, held against the formats of those systems: `make pipelines-test`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.many_fleet import ManyFleet, many_fleet
from tests.support.recording import write_manifests

TOP = Path(__file__).parents[3]
BIN = Path(sys.executable).parent
PAGE = (TOP / "docs/how-to/fleets-elsewhere.md").read_text()
EXAMPLES: dict[str, str] = dict(re.findall(r"```yaml\n# (\S+)\n(.*?)```", PAGE, re.DOTALL))
GITHUB, GITLAB = ".github/workflows/fleet.yml", ".gitlab-ci.yml"
ARGO, ANSIBLE = "fleet-workflow.yaml", "fleet-play.yml"
NAMES = ["north", "south", "west"]


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[ManyFleet]:
    """Three instances that answer as a real server did, each with something to change."""
    recording = tmp_path / "recording.json"
    recording.write_bytes((TOP / "tests/fleet/recording.json").read_bytes())
    write_manifests(tmp_path)
    with many_fleet(recording) as fleet:
        fleet.write(NAMES, "after")
        yield fleet


def _done(words: list[Any], folder: Path, **env: str) -> str:
    done = subprocess.run([str(word) for word in words], cwd=folder, env=env or None, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _fits(schema: str, name: str, folder: Path) -> None:
    (folder / "example.yml").write_text(EXAMPLES[name])
    words = [BIN / "check-jsonschema", "--regex-variant", "python", "--builtin-schema", f"vendor.{schema}"]
    _done([*words, folder / "example.yml"], folder)


def _commands(text: str) -> list[str]:
    """The commands of owui-sync in a text."""
    return re.findall(r"owui-sync fleet [a-z]+[^\n)]*", text)


def test_the_page_has_an_example_for_each_system() -> None:
    assert set(EXAMPLES) == {GITHUB, GITLAB, ARGO, ANSIBLE}


def test_the_workflow_is_what_github_takes_and_its_matrix_too(tmp_path: Path, fleet: ManyFleet) -> None:
    _fits("github-workflows", GITHUB, tmp_path)
    matrix = json.loads(fleet.run("fleet", "list", "--format", "matrix", "--shards", "4").out)
    jobs = yaml.safe_load(EXAMPLES[GITHUB])["jobs"]
    assert jobs["run"]["env"]["SHARD"] == "${{ matrix.shard }}"
    assert set(matrix["shard"]) <= {f"{number}/4" for number in range(1, 5)}


def test_the_workflow_has_no_weakness_that_an_audit_finds(tmp_path: Path) -> None:
    (tmp_path / "fleet.yml").write_text(EXAMPLES[GITHUB])
    words = ["--offline", "--no-progress", "--min-severity", "medium", "--config", tmp_path / "zizmor.yml"]
    # An example names versions of actions; whoever copies it pins them.
    (tmp_path / "zizmor.yml").write_text("rules: {unpinned-uses: {disable: true}}\n")
    _done([BIN / "zizmor", *words, tmp_path / "fleet.yml"], tmp_path)


def test_the_pipeline_is_what_gitlab_takes(tmp_path: Path) -> None:
    _fits("gitlab-ci", GITLAB, tmp_path)


def test_the_workflow_is_what_argo_takes_and_passes_on_what_its_templates_need() -> None:
    models = pytest.importorskip("hera.workflows.models")
    workflow = models.Workflow.model_validate(yaml.safe_load(EXAMPLES[ARGO]))
    templates = {template.name: template for template in workflow.spec.templates or ()}
    ring = templates["ring"]
    needed = {parameter.name for parameter in ring.inputs.parameters}
    for [step] in (group.root for group in templates[workflow.spec.entrypoint].steps):
        assert step.template == "ring"
        assert {parameter.name for parameter in step.arguments.parameters} == needed
    assert set(re.findall(r"\{\{inputs\.parameters\.(\w+)", " ".join(ring.container.command))) == needed


def test_the_play_is_what_ansible_takes_and_changes_each_instance_once(fleet: ManyFleet) -> None:
    (fleet.folder / "inventory.json").write_text(fleet.run("fleet", "list", "--format", "ansible").out)
    (fleet.folder / ANSIBLE).write_text(EXAMPLES[ANSIBLE])
    env = {**fleet.env, "PATH": f"{BIN}:{fleet.env['PATH']}", "ANSIBLE_LOCALHOST_WARNING": "false", "LC_ALL": "C.UTF-8"}
    words = [BIN / "ansible-playbook", "-i", "inventory.json", ANSIBLE]
    _done([*words, "--syntax-check"], fleet.folder, **env)
    told = _done(words, fleet.folder, **env)
    assert re.findall(r"(\w+) +: ok=1 +changed=1 ", told) == NAMES
    for _, *writes in fleet.seen().values():
        assert len(writes) == len(set(writes)) == 3


@pytest.mark.parametrize("name", [GITHUB, GITLAB, ARGO, ANSIBLE])
def test_every_command_of_an_example_is_one_of_ours(name: str, fleet: ManyFleet) -> None:
    text = EXAMPLES[name]
    if name == ARGO:
        text = " ".join(yaml.safe_load(text)["spec"]["templates"][1]["container"]["command"])
    commands = _commands(text)
    assert commands
    for command in commands:
        options = set(re.findall(r"(?<=\s)--[a-z-]+", command))
        known = fleet.run(*command.split()[1:3], "--help").out
        # `$COMMAND` stands for one of two.
        assert all(option in known for option in options), command
