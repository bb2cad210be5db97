"""GitLab: the job that we are in, and notes on its merge request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from owui_sync.ci.comments import Comment
from owui_sync.ci.http import Api
from owui_sync.errors import UsageError


@dataclass(frozen=True, slots=True)
class Job:
    """The job that we are in, as its environment tells.

    Args:
        api: address of the API.
        project: id of the project.
        merge_request: its number in the project; None for other pipelines.
        sha: the commit.
        url: of the job.
    """

    api: str
    project: str
    merge_request: int | None
    sha: str
    url: str

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Job:
        """Return the job. Raises UsageError outside of a pipeline."""
        try:
            number = environ.get("CI_MERGE_REQUEST_IID")
            return cls(
                environ["CI_API_V4_URL"],
                environ["CI_PROJECT_ID"],
                int(number) if number else None,
                environ.get("CI_COMMIT_SHA", ""),
                environ.get("CI_JOB_URL", ""),
            )
        except KeyError as missing:
            raise UsageError(f"this is no job of a pipeline: {missing.args[0]} is not set") from None


class MergeRequest:
    """The notes of a merge request; a `Thread`.

    Args:
        token: of a project or a person, with the scope `api`; the token of a job cannot write notes.
        number: of the merge request in its project.
    """

    def __init__(self, job: Job, token: str, number: int) -> None:
        self._api = Api(job.api, {"PRIVATE-TOKEN": token})
        self._list = f"{job.api}/projects/{job.project}/merge_requests/{number}/notes"
        self._me = self._api.send("GET", f"{job.api}/user")["id"]

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
