"""The component for GitLab and the examples for other pipelines: `make pipelines-test`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from owui_sync.manifest.starter import create
from owui_sync.sandbox import Sandbox
from tests.ci.fake_forge import Forge, forge

TOP = Path(__file__).parents[3]
BIN = Path(sys.executable).parent
NODE = TOP / ".node/node_modules"
PAGE = (TOP / "docs/how-to/other-ci.md").read_text()
INCLUDE, AZURE = (block.split("```")[0] for block in PAGE.split("```yaml\n")[1:])


def _fits(name: str, file: Path) -> None:
    command = [BIN / "check-jsonschema", "--regex-variant", "python", "--builtin-schema", f"vendor.{name}", file]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def _jobs(folder: Path) -> Any:
    """The jobs of a project that includes the component, as GitLab puts them together."""
    (folder / "templates/owui-sync").mkdir(parents=True)
    template = (TOP / "templates/owui-sync/template.yml").read_text()
    (folder / "templates/owui-sync/template.yml").write_text(template)
    (folder / ".gitlab-ci.yml").write_text(INCLUDE)
    for words in (["init"], ["remote", "add", "origin", "https://gitlab.example.com/o/r.git"], ["add", "-A"]):
        subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)
    command = [NODE / "node/bin/node", NODE / "gitlab-ci-local/dist/index.js", "--preview"]
    done = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (folder / "preview.yml").write_text(done.stdout)
    return yaml.safe_load(done.stdout)


def _project(folder: Path) -> Path:
    """A starter project; those of all tests are one stack on their server."""
    create(folder)
    config = folder / "owui-sync.yaml"
    config.write_text(re.sub(r"(?m)^stack: \S+", "stack: pipelines", config.read_text()))
    return folder


def _run(script: str, folder: Path, server: Sandbox, **env: str) -> subprocess.CompletedProcess[str]:
    told = {"PATH": f"{BIN}:{os.environ['PATH']}", "OWUI_URL": server.url, "OWUI_TOKEN": server.token}
    command = ["bash", "-e", "-o", "pipefail", "-c", script]
    return subprocess.run(command, cwd=folder, env={**told, **env}, capture_output=True, text=True)


def test_the_component_is_what_gitlab_takes(tmp_path: Path) -> None:
    jobs = _jobs(tmp_path)
    _fits("gitlab-ci", tmp_path / "preview.yml")
    assert {name for name in jobs if name.startswith("owui-sync-")} == {
        "owui-sync-validate",
        "owui-sync-plan",
        "owui-sync-apply",
        "owui-sync-drift",
    }
    assert jobs["owui-sync-plan"]["parallel"]["matrix"] == [{"OWUI_TARGET": ["production", "staging"]}]


class Merging:
    """The jobs of the component for a project, run one by one as GitLab's runner does."""

    def __init__(self, folder: Path, server: Sandbox, gitlab: Forge) -> None:
        jobs = _jobs(folder)
        self.project, self.gitlab, self._server = _project(folder / "project"), gitlab, server
        self._jobs = {name: job for name, job in jobs.items() if "script" in (job or {})}

    def run(self, job: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a job in a pipeline of the default branch, unless the environment says otherwise."""
        told = {
            "CI_API_V4_URL": f"{self.gitlab.url}/api/v4",
            "CI_PROJECT_ID": "3",
            "CI_COMMIT_SHA": "abc",
            "CI_COMMIT_BRANCH": "main",
            "CI_PIPELINE_SOURCE": "push",
            "CI_JOB_URL": f"{self.gitlab.url}/jobs/5",
            "GITLAB_TOKEN": "glpat",
            "OWUI_TARGET": "production",
        }
        found = self._jobs[f"owui-sync-{job}"]
        variables = {name: str(value) for name, value in found.get("variables", {}).items()}
        return _run("\n".join(found["script"]), self.project, self._server, **{**told, **variables, **env})

    def plan(self) -> None:
        """Plan a push to the branch of the merge request."""
        done = self.run("plan", CI_COMMIT_BRANCH="", CI_MERGE_REQUEST_IID="7", CI_PIPELINE_SOURCE="merge_request_event")
        assert done.returncode == 0, done.stderr

    def edit(self, text: str) -> None:
        """Change the prompt of the starter project."""
        (self.project / "manifests/prompts/summarise.md").write_text(text)


def test_its_jobs_plan_write_a_note_apply_what_was_reviewed_and_watch(tmp_path: Path, open_webui: Sandbox) -> None:
    with forge() as gitlab:
        merging = Merging(tmp_path, open_webui, gitlab)
        assert merging.run("validate").returncode == 0
        merging.plan()
        assert "prompt/summarise" in gitlab.comments[0]["body"]
        report = merging.project / "owui-sync-report"
        assert set(json.loads((report / "gitlab.json").read_text())) >= {"create", "update", "delete"}
        assert (report / "junit.xml").read_text().startswith("<?xml")
        assert "<html" in (report / "plan.html").read_text()
        merging.edit("Not what was reviewed.")
        refused = merging.run("apply")
        assert (refused.returncode, "the plan is not the expected one" in refused.stderr) == (4, True)
        assert "not the one that was reviewed" in gitlab.comments[1]["body"]
        assert merging.run("drift").returncode == 2
        assert [issue["state"] for issue in gitlab.issues] == ["opened"]
        merging.plan()
        done = merging.run("apply")
        assert done.returncode == 0, done.stderr
        merging.edit("In a pipeline that somebody starts.")
        assert merging.run("apply", CI_PIPELINE_SOURCE="web").returncode == 0
        assert merging.run("drift").returncode == 0
        assert [issue["state"] for issue in gitlab.issues] == ["closed"]
        assert merging.run("apply", GITLAB_TOKEN="").returncode == 64


def test_the_example_for_azure_fits_and_its_scripts_run(tmp_path: Path, open_webui: Sandbox) -> None:
    file = tmp_path / "azure-pipelines.yml"
    file.write_text(AZURE)
    _fits("azure-pipelines", file)
    _project(tmp_path)
    for step in yaml.safe_load(AZURE)["steps"]:
        if "bash" in step:
            done = _run(step["bash"], tmp_path, open_webui)
            assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "report/junit.xml").exists()


def test_the_commands_of_the_example_for_jenkins_run(tmp_path: Path, open_webui: Sandbox) -> None:
    _project(tmp_path)
    text = PAGE.split("```groovy\n")[1].split("```")[0]
    commands = [line.split("'")[1] for line in text.splitlines() if "sh '" in line]
    assert len(commands) == 3
    for command in commands:
        done = _run(command, tmp_path, open_webui)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    assert (tmp_path / "report/plan.html").exists()
