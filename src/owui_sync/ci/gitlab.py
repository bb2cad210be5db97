"""GitLab: the job that we are in, notes on merge requests, and an issue about drift."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from owui_sync.ci.comments import Comment
from owui_sync.ci.http import Api
from owui_sync.ci.issues import Issue
from owui_sync.errors import UsageError


@dataclass(frozen=True, slots=True)
class Job:
    """The job that we are in, as its environment tells.

    Args:
        api: address of the API.
        project: id of the project; in the pipeline of a merge request the one that is to be changed, not a fork.
        merge_request: its number in the project; None for other pipelines.
        branch: that was pushed; empty in the pipeline of a merge request or a tag.
        sha: the commit.
        url: of the job.
    """

    api: str
    project: str
    merge_request: int | None
    branch: str
    sha: str
    url: str

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Job:
        """Return the job. Raises UsageError outside of a pipeline."""
        try:
            number = environ.get("CI_MERGE_REQUEST_IID")
            return cls(
                environ["CI_API_V4_URL"],
                environ.get("CI_MERGE_REQUEST_PROJECT_ID") or environ["CI_PROJECT_ID"],
                int(number) if number else None,
                environ.get("CI_COMMIT_BRANCH", ""),
                environ.get("CI_COMMIT_SHA", ""),
                environ.get("CI_JOB_URL", ""),
            )
        except KeyError as missing:
            raise UsageError(f"this is no job of a pipeline: {missing.args[0]} is not set") from None


class GitLab:
    """The project of a job.

    Args:
        token: of a project or a person, with the scope `api`; the token of a job can neither read nor write notes.
    """

    def __init__(self, job: Job, token: str) -> None:
        self.job = job
        self.api = Api(job.api, {"PRIVATE-TOKEN": token})
        self.path = f"{job.api}/projects/{job.project}"

    def me(self) -> int:
        """Return the id of the account that the token writes as."""
        return int(self.api.send("GET", f"{self.job.api}/user")["id"])

    def merge_request(self) -> int | None:
        """Return the number of the merge request of this job: of its pipeline, or the one that its commit came with.

        A commit can belong to several, such as one for another branch. A request that was merged a moment ago may
        not be called merged yet, so all count that go to the branch of the job and are not closed. The one whose merge
        made the commit comes first, then the newest.
        """
        job = self.job
        if job.merge_request:
            return job.merge_request
        rows = [
            row
            for row in self.api.pages(f"{self.path}/repository/commits/{job.sha}/merge_requests?per_page=100")
            if row["state"] != "closed" and row["target_branch"] == (job.branch or row["target_branch"])
        ]
        made = ("merge_commit_sha", "squash_commit_sha", "sha")
        rows.sort(key=lambda row: (job.sha in [row.get(name) for name in made], row["iid"]))
        return int(rows[-1]["iid"]) if rows else None


class MergeRequest:
    """The notes of a merge request; a `Thread`.

    Args:
        number: of the merge request in its project.
    """

    def __init__(self, gitlab: GitLab, number: int) -> None:
        self._api, self._me = gitlab.api, gitlab.me()
        self.name = f"merge request !{number}"
        self._list = f"{gitlab.path}/merge_requests/{number}/notes"

    def comments(self) -> list[Comment]:
        """Return all notes, oldest first."""
        return [self._comment(row) for row in self._api.pages(f"{self._list}?sort=asc&per_page=100")]

    def create(self, body: str) -> Comment:
        """Write a note."""
        return self._comment(self._api.send("POST", self._list, {"body": body}))

    def update(self, comment: Comment, body: str) -> Comment:
        """Change a note."""
        return self._comment(self._api.send("PUT", f"{self._list}/{comment.id}", {"body": body}))

    def hide(self, comment: Comment) -> None:
        """Leave it: GitLab has nothing to show a note as outdated."""

    def _comment(self, row: Any) -> Comment:
        return Comment(str(row["id"]), row.get("body") or "", "", row["author"]["id"] == self._me)


class GitLabIssues:
    """The issues of a project with a label; an `Issues`.

    Args:
        label: that ours have.
    """

    def __init__(self, gitlab: GitLab, label: str) -> None:
        self._api, self._me, self._label = gitlab.api, gitlab.me(), label
        self._list = f"{gitlab.path}/issues"

    def issues(self) -> Iterator[Issue]:
        """Yield all issues with the label, open or closed."""
        for row in self._api.pages(f"{self._list}?labels={self._label}&scope=all&per_page=100"):
            yield self._issue(row)

    def create(self, title: str, body: str) -> Issue:
        """Open an issue."""
        content = {"title": title, "description": body, "labels": self._label}
        return self._issue(self._api.send("POST", self._list, content))

    def update(self, issue: Issue, title: str, body: str) -> None:
        """Change an issue, and open it again if it is closed."""
        content = {"title": title, "description": body, **({} if issue.is_open else {"state_event": "reopen"})}
        self._api.send("PUT", f"{self._list}/{issue.number}", content)

    def close(self, issue: Issue) -> None:
        """Close an issue."""
        self._api.send("PUT", f"{self._list}/{issue.number}", {"state_event": "close"})

    def comment(self, issue: Issue, text: str) -> None:
        """Write a note under an issue."""
        self._api.send("POST", f"{self._list}/{issue.number}/notes", {"body": text})

    def _issue(self, row: Any) -> Issue:
        mine = row["author"]["id"] == self._me
        return Issue(row["iid"], row.get("description") or "", row["web_url"], row["state"] == "opened", mine)
