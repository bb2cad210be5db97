"""`owui-sync ci gitlab` on a fake GitLab."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from owui_sync.ci.marker import Marker, find
from tests.ci.fake_forge import BOT, Forge, forge, merge_request
from tests.support.project import Ran, run_here

CHANGED = {
    "digest": "sha256:aa",
    "summary": {"create": 1},
    "changes": [{"action": "create", "kind": "prompt", "key": "a"}],
}
SAME: dict[str, Any] = {"digest": "sha256:bb", "summary": {}, "changes": []}
OTHER = {**CHANGED, "digest": "sha256:cc", "changes": [{"action": "create", "kind": "prompt", "key": "b"}]}


@pytest.fixture
def fake() -> Iterator[Forge]:
    """A GitLab."""
    with forge() as running:
        yield running


class Pipeline:
    """Jobs of a project: of merge request 7, of the default branch, or of a schedule."""

    def __init__(self, folder: Path, fake: Forge) -> None:
        self.folder, self.fake = folder, fake
        self.env = {
            "CI_API_V4_URL": f"{fake.url}/api/v4",
            "CI_PROJECT_ID": "3",
            "CI_COMMIT_SHA": "abc",
            "CI_JOB_URL": "https://gitlab.test/jobs/5",
            "GITLAB_TOKEN": "hunter2",
        }

    def run(self, *words: str, code: int = 0, **env: str) -> Ran:
        """Run `ci gitlab` in a job."""
        ran = run_here(self.folder, {**self.env, **env}, "ci", "gitlab", *words)
        assert ran.code == code, ran.err
        assert "hunter2" not in ran.out + ran.err
        return ran

    def report(self, about: str, *words: str, plan: Any = CHANGED, text: str = "## Plan\n", **env: str) -> Ran:
        """Report what plan or apply left."""
        (self.folder / "plan.json").write_text(json.dumps(plan))
        (self.folder / "plan.md").write_text(text)
        where = {"CI_MERGE_REQUEST_IID": "7"} if about == "plan" else {"CI_COMMIT_BRANCH": "main"}
        files = ("--plan", "plan.json", "--markdown", "plan.md")
        told: dict[str, Any] = {**where, **env}
        return self.run("report", about, *files, *words, **told)

    def digest(self, *words: str, code: int = 0, **env: str) -> Ran:
        """Ask which plan was reviewed, after the merge."""
        told: dict[str, Any] = {"CI_COMMIT_BRANCH": "main", **env}
        return self.run("digest", *words, code=code, **told)


@pytest.fixture
def pipeline(tmp_path: Path, fake: Forge) -> Pipeline:
    return Pipeline(tmp_path, fake)


def test_one_note_is_kept_up_to_date(pipeline: Pipeline, fake: Forge) -> None:
    for other in range(3):
        fake.add(f"{other}", "somebody")
    pipeline.report("plan")
    pipeline.report("plan", "--artifact", "https://gitlab.test/plan.html", text="## Another plan")
    body = fake.comments[-1]["body"]
    assert "## Another plan" in body
    assert "[job](https://gitlab.test/jobs/5) · [all of it as a page](https://gitlab.test/plan.html)" in body
    assert len(fake.comments) == 4
    assert fake.seen[-1].startswith("PUT /projects/3/merge_requests/7/notes/")


@pytest.mark.parametrize(
    ("about", "env", "said"),
    [
        ("plan", {"GITLAB_TOKEN": ""}, "no note is written: GITLAB_TOKEN is not set"),
        ("apply", {"GITLAB_TOKEN": ""}, "no note is written: GITLAB_TOKEN is not set"),
        ("drift", {"GITLAB_TOKEN": ""}, "no issue is written: GITLAB_TOKEN is not set"),
        ("plan", {"CI_MERGE_REQUEST_IID": "", "CI_COMMIT_BRANCH": "main"}, ""),
    ],
)
def test_without_a_token_or_for_the_plan_of_a_branch_nothing_is_written(
    pipeline: Pipeline, fake: Forge, about: str, env: dict[str, str], said: str
) -> None:
    assert pipeline.report(about, **env).err.strip() == said
    assert fake.seen == []


@pytest.mark.parametrize("about", ["plan", "apply", "drift"])
def test_a_token_without_rights_is_told_and_fails_nothing(pipeline: Pipeline, fake: Forge, about: str) -> None:
    fake.broken = lambda method, path: 401
    assert "answered 401" in (said := pipeline.report(about).err)
    assert "GITLAB_TOKEN needs the scope `api`" in said


def test_the_note_of_a_request_from_a_fork_is_written_where_it_is_to_be_merged(pipeline: Pipeline, fake: Forge) -> None:
    pipeline.report("plan", CI_PROJECT_ID="4", CI_MERGE_REQUEST_PROJECT_ID="3")
    assert fake.seen[-1] == "POST /projects/3/merge_requests/7/notes"


def test_the_reviewed_digest_is_that_of_the_last_plan_in_the_note(pipeline: Pipeline, fake: Forge) -> None:
    pipeline.report("plan")
    pipeline.report("plan", plan=OTHER)
    fake.add(f"{Marker('plan', 'default/default', plan='sha256:evil')}\nmine", "mallory")
    assert pipeline.digest().out == "sha256:cc\n"
    assert pipeline.digest("--mr", "7", "--key", "default/default").out == "sha256:cc\n"
    assert pipeline.digest("--key", "other").out == "empty\n"


def test_where_no_plan_was_shown_an_empty_one_is_expected(pipeline: Pipeline) -> None:
    pipeline.report("plan", plan=SAME)
    ran = pipeline.digest()
    assert ran.out == "empty\n"
    assert "merge request !7 shows no plan" in ran.err


@pytest.mark.parametrize(
    "rows", [[], [merge_request(8, state="closed")], [merge_request(9, state="opened", target_branch="next")]]
)
def test_without_a_merge_request_nothing_is_expected(
    pipeline: Pipeline, fake: Forge, rows: list[dict[str, Any]]
) -> None:
    pipeline.report("plan")
    fake.merge_requests = rows
    ran = pipeline.digest()
    assert ran.out == "\n"
    assert "this commit has no merge request" in ran.err


@pytest.mark.parametrize("made", ["merge_commit_sha", "squash_commit_sha", "sha"])
def test_of_several_merge_requests_the_one_that_made_the_commit_counts(
    pipeline: Pipeline, fake: Forge, made: str
) -> None:
    others = [merge_request(number, sha="of-another-commit") for number in (6, 8)]
    fake.merge_requests = [*others, merge_request(7, **{"sha": "head", made: "abc"}, state="locked"), others[0]]
    pipeline.digest()
    assert "GET /projects/3/merge_requests/7/notes" in fake.seen
    fake.merge_requests = others
    pipeline.digest()
    assert "GET /projects/3/merge_requests/8/notes" in fake.seen


def test_a_plan_that_failed_was_not_reviewed(pipeline: Pipeline) -> None:
    pipeline.report("plan")
    pipeline.report("plan", "--exit-code", "5")
    ran = pipeline.digest(code=4)
    assert "the plan of merge request !7 failed, so nothing was reviewed" in ran.err
    assert "start a pipeline of the branch by hand" in ran.err


def test_a_gitlab_that_does_not_answer_or_lets_nobody_read_lets_nothing_be_applied(
    pipeline: Pipeline, fake: Forge
) -> None:
    fake.broken = lambda method, path: 403 if "notes" in path else None
    assert "answered 403" in pipeline.digest(code=1).err
    assert "GITLAB_TOKEN is not set" in pipeline.digest(code=64, GITLAB_TOKEN="").err
    del pipeline.env["CI_API_V4_URL"]
    assert "CI_API_V4_URL is not set" in pipeline.digest(code=64).err


def test_an_apply_finishes_the_note_and_the_next_plan_gets_a_new_one(pipeline: Pipeline, fake: Forge) -> None:
    pipeline.report("plan")
    pipeline.report("apply", "--expect-digest", "sha256:aa", text="## Applied\n")
    (note,) = fake.comments
    assert "## Applied" in note["body"]
    assert find(note["body"]).closed  # type: ignore[union-attr]
    assert pipeline.digest().out == "sha256:aa\n", "another run of the same job expects the same"
    pipeline.report("plan")
    assert len(fake.comments) == 2


def test_an_apply_that_was_refused_shows_its_plan_beside_the_reviewed_one(pipeline: Pipeline, fake: Forge) -> None:
    pipeline.report("plan", text="## Reviewed\n")
    pipeline.report("apply", "--exit-code", "4", "--expect-digest", "sha256:aa", text="## Of now\n")
    reviewed, refused = fake.comments
    assert "## Reviewed" in reviewed["body"]
    assert "not the one that was reviewed in the merge request" in refused["body"]
    assert "## Of now" in refused["body"]
    pipeline.report("apply", text="## Applied by hand\n")
    assert "is applied already" in pipeline.digest(code=4).err


def test_drift_opens_an_issue_changes_it_in_place_and_closes_it(pipeline: Pipeline, fake: Forge) -> None:
    fake.issues.append({"iid": 0, "state": "opened", "author": {"id": 2}, "web_url": "", "description": None})
    pipeline.report("drift", plan=SAME)
    assert len(fake.issues) == 1
    pipeline.report("drift", "--exit-code", "2")
    pipeline.report("drift", "--exit-code", "2")
    _, issue = fake.issues
    assert (issue["state"], issue["title"]) == ("opened", "owui-sync: default/default differs from the manifests")
    assert issue["labels"] == "owui-sync-drift"
    assert fake.comments == [], "the same drift is told once"
    pipeline.report("drift", "--exit-code", "2", plan=OTHER)
    assert [row["body"] for row in fake.comments] == ["Something else differs now: https://gitlab.test/jobs/5"]
    pipeline.report("drift", "--exit-code", "69", plan=None)
    assert issue["state"] == "opened", "a plan that failed knows nothing of drift"
    pipeline.report("drift", plan=SAME)
    assert issue["state"] == "closed"
    assert "In sync again" in fake.comments[-1]["body"]
    pipeline.report("drift", plan=SAME)
    assert len(fake.comments) == 2
    pipeline.report("drift")
    assert (len(fake.issues), issue["state"]) == (2, "opened")
    assert {row["user"]["login"] for row in fake.comments} == {BOT}
