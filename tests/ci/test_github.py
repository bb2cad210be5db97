"""`owui-sync ci github report` on a fake GitHub."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from owui_sync.ci.marker import Marker, find
from tests.ci.fake_forge import Forge, forge
from tests.support.project import Ran, run_here

CHANGED = {
    "digest": "sha256:aa",
    "summary": {"create": 1},
    "changes": [{"action": "create", "kind": "prompt", "key": "a"}],
}
SAME: dict[str, Any] = {"digest": "sha256:bb", "summary": {}, "changes": []}


@pytest.fixture
def fake() -> Iterator[Forge]:
    """A GitHub."""
    with forge() as running:
        yield running


class Step:
    """A step of a workflow on a pull request: files, and what it writes."""

    def __init__(self, folder: Path, fake: Forge, event: dict[str, Any] | None = None) -> None:
        self.folder = folder
        (folder / "event.json").write_text(
            json.dumps(event if event is not None else {"pull_request": {"number": 7, "head": {"sha": "abc"}}})
        )
        self.env = {
            "GITHUB_REPOSITORY": "o/r",
            "GITHUB_SHA": "def",
            "GITHUB_RUN_ID": "5",
            "GITHUB_TOKEN": "hunter2",
            "GITHUB_API_URL": fake.url,
            "GITHUB_EVENT_PATH": str(folder / "event.json"),
            "GITHUB_OUTPUT": str(folder / "output"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        }

    def run(self, *words: str, plan: Any = CHANGED, text: str = "## Plan\n") -> Ran:
        (self.folder / "plan.json").write_text(json.dumps(plan))
        (self.folder / "plan.md").write_text(text)
        ran = run_here(
            self.folder, self.env, "ci", "github", "report", *words, "--plan", "plan.json", "--markdown", "plan.md"
        )
        assert ran.code == 0, ran.err
        assert "hunter2" not in ran.out + ran.err
        return ran

    @property
    def outputs(self) -> dict[str, str]:
        lines = (self.folder / "output").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)


@pytest.fixture
def step(tmp_path: Path, fake: Forge) -> Step:
    return Step(tmp_path, fake)


def test_a_plan_with_changes_is_shown_and_changed_in_place(step: Step, fake: Forge) -> None:
    step.run("plan")
    step.run("plan", text="## Another plan\n")
    (comment,) = fake.comments
    assert "## Another plan" in comment["body"]
    assert "commit abc" in comment["body"]
    assert find(comment["body"]) == Marker("plan", "default/default", find(comment["body"]).digest, plan="sha256:aa")  # type: ignore[union-attr]
    assert step.outputs["changes"] == "true"
    assert step.outputs["create"] == "1"
    assert step.outputs["digest"] == "sha256:aa"
    assert step.outputs["comment-url"] == comment["html_url"]
    assert (step.folder / "summary").read_text() == "## Plan\n## Another plan\n"


def test_the_same_text_is_not_written_again(step: Step, fake: Forge) -> None:
    step.run("plan")
    step.run("plan")
    assert not any(request.startswith("PATCH") for request in fake.seen)


def test_a_plan_without_changes_gets_no_comment_but_corrects_one(step: Step, fake: Forge) -> None:
    step.run("plan", plan=SAME, text="No changes.\n")
    assert fake.comments == []
    step.run("plan")
    step.run("plan", plan=SAME, text="No changes.\n")
    (comment,) = fake.comments
    assert "No changes." in comment["body"]
    step.run("plan", "--comment", "always", "--key", "other", plan=SAME, text="No changes.\n")
    assert len(fake.comments) == 2


def test_comments_of_other_keys_and_of_other_people_are_not_touched(step: Step, fake: Forge) -> None:
    planted = fake.add(f"{Marker('plan', 'default/default')}\nmine", "mallory")
    others = [fake.add(f"{Marker('plan', f'staging/{number}')}\nx") for number in range(3)]
    step.run("plan")
    assert [row["body"] for row in others] == [f"{Marker('plan', f'staging/{number}')}\nx" for number in range(3)]
    assert planted["body"].endswith("mine")
    assert len(fake.comments) == 5


def test_a_failed_plan_replaces_the_old_one(step: Step, fake: Forge) -> None:
    step.run("plan")
    (step.folder / "errors").write_text("error: it is not valid\n")
    step.run("plan", "--exit-code", "1", "--errors", "errors", plan=None, text="")
    (comment,) = fake.comments
    assert "plan failed (error)" in comment["body"]
    assert "it is not valid" in comment["body"]
    assert "## Plan" not in comment["body"]
    assert step.outputs["failure-reason"] == "error"


def test_an_apply_finishes_the_comment_and_the_next_plan_gets_a_new_one(
    step: Step, tmp_path: Path, fake: Forge
) -> None:
    step.run("plan")
    merged = Step(tmp_path, fake, event={})
    merged.run("apply", text="## Applied\n")
    (comment,) = fake.comments
    assert "## Applied" in comment["body"]
    assert find(comment["body"]).closed  # type: ignore[union-attr]
    step.run("plan")
    assert len(fake.comments) == 2


def test_new_comments_hide_the_old_ones(step: Step, fake: Forge) -> None:
    step.run("plan")
    step.run("plan", "--comment", "new")
    assert len(fake.comments) == 2
    assert fake.hidden == [fake.comments[0]["node_id"]]


def test_the_key_is_target_and_stack_of_the_configuration(step: Step, fake: Forge) -> None:
    (step.folder / "owui-sync.yaml").write_text(
        "version: 1\nstack: support\ntargets: {prod: {url: https://x.example.com}, dev: {stack: tools}}\n"
    )
    step.run("plan", "--target", "prod")
    step.run("plan", "--target", "dev")
    keys = [marker.key for row in fake.comments if (marker := find(row["body"]))]
    assert keys == ["prod/support", "dev/tools"]


@pytest.mark.parametrize(("status", "level"), [(403, "notice"), (404, "notice"), (422, "warning")])
def test_a_forge_that_does_not_let_us_write_fails_nothing(step: Step, fake: Forge, status: int, level: str) -> None:
    fake.broken = lambda method, path: status if "comments" in path else None
    ran = step.run("plan")
    assert ran.out.startswith(f"::{level} title=owui-sync::")
    assert ("pull-requests: write" in ran.out) == (level == "notice")
    assert "## Plan" in (step.folder / "summary").read_text()
    assert step.outputs["comment-url"] == ""


def test_a_server_error_is_tried_again(step: Step, fake: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    answers = iter([502, 429])
    fake.broken = lambda method, path: next(answers, None) if "comments" in path else None
    step.run("plan")
    assert len(fake.comments) == 1


def test_drift_opens_an_issue_changes_it_in_place_and_closes_it(step: Step, fake: Forge) -> None:
    step.run("drift", plan=SAME)
    assert fake.issues == []
    step.run("drift")
    step.run("drift")
    (issue,) = fake.issues
    assert (issue["state"], issue["title"]) == ("open", "owui-sync: default/default differs from the manifests")
    assert issue["labels"] == ["owui-sync-drift"]
    assert fake.comments == [], "the same drift is told once"
    other = {**CHANGED, "changes": [{"action": "create", "kind": "prompt", "key": "b"}]}
    step.run("drift", plan=other)
    assert len(fake.comments) == 1
    step.run("drift", "--exit-code", "69", plan=None)
    assert issue["state"] == "open", "a plan that failed knows nothing of drift"
    step.run("drift", plan=SAME)
    assert issue["state"] == "closed"
    assert "In sync again" in fake.comments[-1]["body"]
    step.run("drift")
    assert (len(fake.issues), issue["state"]) == (1, "open")
    assert step.outputs["issue-url"] == issue["html_url"]


def test_outside_of_a_workflow_it_is_wrong_use(tmp_path: Path) -> None:
    ran = run_here(tmp_path, {}, "ci", "github", "report", "plan")
    assert ran.code == 64
    assert "GITHUB_REPOSITORY" in ran.err


class Digest(Step):
    """A step that asks which plan was reviewed, after the merge."""

    def find(self, *words: str, code: int = 0) -> Ran:
        ran = run_here(self.folder, self.env, "ci", "github", "digest", *words)
        assert ran.code == code, ran.err
        assert "hunter2" not in ran.out + ran.err
        return ran


@pytest.fixture
def merged(tmp_path: Path, fake: Forge) -> Digest:
    (tmp_path / "merged").mkdir()
    return Digest(tmp_path / "merged", fake, event={})


def test_the_reviewed_digest_is_that_of_the_last_plan_in_the_comment(step: Step, merged: Digest) -> None:
    step.run("plan")
    step.run("plan", plan={**CHANGED, "digest": "sha256:cc"})
    assert merged.find().out == "sha256:cc\n"
    assert merged.outputs == {"digest": "sha256:cc"}
    assert merged.find("--key", "other").out == "empty\n"
    assert merged.find("--pr", "7", "--key", "default/default").out == "sha256:cc\n"


def test_a_digest_that_somebody_else_wrote_is_not_believed(step: Step, merged: Digest, fake: Forge) -> None:
    step.run("plan")
    fake.add(f"{Marker('plan', 'default/default', plan='sha256:evil')}\nmine", "mallory")
    assert merged.find().out == "sha256:aa\n"


def test_where_no_plan_was_shown_an_empty_one_is_expected(merged: Digest, fake: Forge) -> None:
    ran = merged.find()
    assert (ran.out, merged.outputs) == ("empty\n", {"digest": "empty"})
    assert "pull request #7 shows no plan" in ran.err


def test_without_a_pull_request_nothing_is_expected(merged: Digest, fake: Forge) -> None:
    fake.merged_by = []
    ran = merged.find()
    assert (ran.out, merged.outputs) == ("\n", {"digest": ""})
    assert "this commit has no pull request" in ran.err


def test_a_plan_that_failed_was_not_reviewed(step: Step, merged: Digest) -> None:
    step.run("plan")
    step.run("plan", "--exit-code", "5")
    ran = merged.find(code=4)
    assert "the plan of pull request #7 failed, so nothing was reviewed" in ran.err
    assert "start the workflow by hand" in ran.err


def test_a_forge_that_does_not_answer_lets_nothing_be_applied(step: Step, merged: Digest, fake: Forge) -> None:
    step.run("plan")
    fake.broken = lambda method, path: 403 if "comments" in path else None
    assert "answered 403" in merged.find(code=1).err


def test_an_apply_that_was_refused_shows_its_plan_beside_the_reviewed_one(
    step: Step, tmp_path: Path, merged: Digest, fake: Forge
) -> None:
    step.run("plan", text="## Reviewed\n")
    after = Step(tmp_path, fake, event={})
    after.run("apply", "--exit-code", "4", "--expect-digest", "sha256:aa", text="## Of now\n")
    reviewed, refused = fake.comments
    assert "## Reviewed" in reviewed["body"]
    assert "not the one that was reviewed" in refused["body"]
    assert "Run workflow" in refused["body"]
    assert "## Of now" in refused["body"]
    assert fake.hidden == [reviewed["node_id"]]
    assert merged.find().out == "sha256:aa\n", "another run of the same job expects the same"
    after.run("apply", text="## Applied by hand\n")
    assert "is applied already" in merged.find(code=4).err


def test_the_page_is_linked(step: Step, fake: Forge) -> None:
    step.run("plan", "--artifact", "https://github.test/artifacts/1")
    assert "[all of it as a page](https://github.test/artifacts/1)" in fake.comments[0]["body"]
