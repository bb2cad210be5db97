"""The whole way of a change: a branch, its plan in a pull request, the merge, drift by hand, and the repair.

A real server, and a fake GitHub or GitLab. The commands are those of the workflow that `init` writes, and of the
component; tests/outside runs these.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from owui_sync.ci.marker import find
from tests.ci.fake_forge import Forge, forge
from tests.support.project import Project, Ran


@dataclass
class Pipeline:
    """A repository with its server, and the runs of its workflow.

    Args:
        forge: where the repository is.
        name: `github` or `gitlab`.
    """

    project: Project
    forge: Forge
    name: str = "github"

    def write(self, content: str) -> None:
        """Edit the manifest, on whatever branch we are."""
        name = self.project.stack
        self.project.write(f"groups: {{{name}: {{}}}}\nprompts: {{{name}: {{content: '{content}'}}}}")

    def pull_request(self, sha: str) -> Ran:
        """Plan a push to the branch of pull request 7."""
        event = {"pull_request": {"number": 7, "head": {"sha": sha}}}
        return self._told("plan", "plan", ["--report", "html=page.html"], event)

    def merge(self, *, by_hand: bool = False) -> Ran:
        """Apply the default branch: only what was reviewed, or anything if a person starts it."""
        expected = [] if by_hand else ["--expect-digest", self._run("ci", self.name, "digest").out.strip()]
        return self._told("apply", "apply", ["--yes", *expected], {}, *expected)

    def look_for_drift(self) -> Ran:
        """Do what happens every morning."""
        return self._told("drift", "plan", [], {})

    def _told(self, about: str, command: str, words: list[str], event: Any, *report: str) -> Ran:
        files = ("--report", "json=plan.json", "--report", "markdown=report.md")
        for name in ("plan.json", "report.md"):
            (self.project.folder / name).unlink(missing_ok=True)
        ran = self._run(command, "manifest.yaml", "--no-color", *words, *files)
        (self.project.folder / "errors.txt").write_text(ran.err)
        what = ("--plan", "plan.json", "--markdown", "report.md", "--errors", "errors.txt")
        page = ("--artifact", "https://github.test/page") if about == "plan" else ()
        told = self._run(
            *("ci", self.name, "report", about, *what, "--exit-code", str(ran.code), *page, *report), event=event
        )
        assert told.code == 0, told.err
        return Ran(ran.code, told.out, ran.err)

    def _run(self, *words: str, event: Any = None) -> Ran:
        told = self._told_by_github(event or {}) if self.name == "github" else self._told_by_gitlab(event or {})
        ran = self.project.run(*words, **told)
        assert "hunter2" not in ran.out + ran.err
        return ran

    def _told_by_github(self, event: Any) -> dict[str, str]:
        (self.project.folder / "event.json").write_text(json.dumps(event))
        return {
            "GITHUB_REPOSITORY": "o/r",
            "GITHUB_SHA": "def",
            "GITHUB_RUN_ID": "5",
            "GITHUB_TOKEN": "hunter2",
            "GITHUB_API_URL": self.forge.url,
            "GITHUB_EVENT_PATH": "event.json",
            "GITHUB_WORKSPACE": str(self.project.folder),
        }

    def _told_by_gitlab(self, event: Any) -> dict[str, str]:
        request = event.get("pull_request")
        where = {"CI_MERGE_REQUEST_IID": str(request["number"])} if request else {"CI_COMMIT_BRANCH": "main"}
        return {
            "CI_API_V4_URL": f"{self.forge.url}/api/v4",
            "CI_PROJECT_ID": "3",
            "CI_COMMIT_SHA": "abc",
            "GITLAB_TOKEN": "hunter2",
            **where,
        }

    @property
    def content(self) -> str | None:
        """What the prompt says on the server; None if it is not there."""
        row = self.project.prompts().get(self.project.stack)
        return row["content"] if row else None

    def change_by_hand(self, content: str) -> None:
        """Edit the prompt as somebody does in the page."""
        row = self.project.prompts()[self.project.stack]
        self.project.api("POST", f"/api/v1/prompts/id/{row['id']}/update", {**row, "content": content})


@pytest.fixture
def pipeline(request: pytest.FixtureRequest, project: Project) -> Iterator[Pipeline]:
    with forge() as running:
        yield Pipeline(project, running, getattr(request, "param", "github"))


on_both = pytest.mark.parametrize("pipeline", ["github", "gitlab"], indirect=True)


@on_both
def test_a_change_is_planned_reviewed_merged_applied_watched_and_repaired(pipeline: Pipeline) -> None:
    forge = pipeline.forge
    pipeline.write("first")
    assert pipeline.pull_request("abc").code == 0
    (comment,) = forge.comments
    assert f"prompt/{pipeline.project.stack}" in comment["body"]
    assert "[all of it as a page](https://github.test/page)" in comment["body"]
    page = (pipeline.project.folder / "page.html").read_text()
    assert "first" in page
    assert pipeline.content is None, "a plan changes nothing"

    assert pipeline.merge().code == 0
    assert pipeline.content == "first"
    (comment,) = forge.comments
    assert find(comment["body"]).closed  # type: ignore[union-attr]
    pipeline.look_for_drift()
    assert forge.issues == []

    pipeline.change_by_hand("by hand")
    assert pipeline.look_for_drift().code == 0
    (issue,) = forge.issues
    assert issue["state"] in ("open", "opened")
    assert "1 changed on the server" in str(issue)

    assert pipeline.merge(by_hand=True).code == 0
    assert pipeline.content == "first"
    pipeline.look_for_drift()
    assert [one["state"] for one in forge.issues] == ["closed"]


def test_of_three_pushes_in_a_row_the_last_plan_is_the_reviewed_one(pipeline: Pipeline) -> None:
    for number, content in enumerate(("one", "two", "three")):
        pipeline.write(content)
        assert pipeline.pull_request(f"abc{number}").code == 0
    (comment,) = pipeline.forge.comments
    assert "commit abc2" in comment["body"]
    pipeline.write("two")
    refused = pipeline.merge()
    assert refused.code == 4
    assert "the plan is not the expected one" in refused.err
    assert pipeline.content is None
    pipeline.write("three")
    assert pipeline.merge().code == 0
    assert pipeline.content == "three"


@on_both
def test_what_somebody_changed_since_the_review_is_not_overwritten_unseen(pipeline: Pipeline) -> None:
    pipeline.write("first")
    pipeline.pull_request("abc")
    pipeline.merge()
    pipeline.write("second")
    pipeline.pull_request("abd")
    pipeline.change_by_hand("by hand")
    assert pipeline.merge().code == 4
    assert pipeline.content == "by hand"
    *_, told = pipeline.forge.comments
    assert "not the one that was reviewed" in told["body"]
    assert "by hand" in told["body"]
    assert pipeline.merge(by_hand=True).code == 0
    assert pipeline.content == "second"


def test_a_pull_request_that_showed_no_changes_makes_none(pipeline: Pipeline) -> None:
    pipeline.write("first")
    pipeline.pull_request("abc")
    pipeline.merge()
    pipeline.forge.comments.clear()
    pipeline.pull_request("abd")
    assert pipeline.forge.comments == []
    assert pipeline.merge().code == 0, "there is nothing to do"
    pipeline.forge.comments.clear()
    pipeline.change_by_hand("by hand")
    refused = pipeline.merge()
    assert refused.code == 4
    assert "the plan is not empty" in refused.err
    assert pipeline.content == "by hand"


def test_a_plan_that_fails_replaces_the_old_one_and_cannot_be_merged_into_the_server(pipeline: Pipeline) -> None:
    pipeline.write("first")
    pipeline.pull_request("abc")
    pipeline.project.write("models: {bot: {access: {read: {groups: [Nobody]}}}}")
    assert pipeline.pull_request("abd").code == 1
    (comment,) = pipeline.forge.comments
    assert "plan failed (error)" in comment["body"]
    assert "Nobody" in comment["body"]
    assert pipeline._run("ci", "github", "digest").code == 4


def test_a_manifest_that_is_wrong_is_told_in_the_comment_and_beside_its_line(pipeline: Pipeline) -> None:
    pipeline.write("first")
    pipeline.pull_request("abc")
    pipeline.project.write("prompts: {a: {contnet: x}}")
    ran = pipeline.pull_request("abd")
    assert ran.code == 1
    assert ran.out.startswith("::error file=manifest.yaml,line=3,col=")
    (comment,) = pipeline.forge.comments
    assert "plan failed (error)" in comment["body"]
    assert "contnet" in comment["body"]


def test_a_fork_is_validated_without_the_server(tmp_path: Path, project: Project) -> None:
    project.write("prompts: {a: {content: !secret NOT_HERE}}")
    ran = project.run(
        "validate", "manifest.yaml", "--allow-missing-secrets", OWUI_URL="http://127.0.0.1:9", OWUI_TOKEN=""
    )
    assert ran.code == 0, ran.err
