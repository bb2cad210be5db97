"""GitHub: the run that we are in, comments on pull requests, and an issue about drift."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from owui_sync.ci.comments import Comment
from owui_sync.ci.http import Api, ForgeError
from owui_sync.ci.issues import Issue
from owui_sync.errors import UsageError

ACTIONS = "github-actions[bot]"
"""Who writes with the token of a workflow."""

_HIDE = "mutation($id: ID!) {minimizeComment(input: {subjectId: $id, classifier: OUTDATED}) {clientMutationId}}"


@dataclass(frozen=True, slots=True)
class Run:
    """The run of a workflow that we are in, as its environment tells.

    Args:
        repository: `OWNER/NAME`.
        sha: the commit that the run is about; of a pull request its head.
        pull_request: its number; None for other events.
        url: of the run.
    """

    repository: str
    sha: str
    pull_request: int | None
    url: str
    api: str
    graphql: str

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Run:
        """Return the run. Raises UsageError outside of a workflow."""
        try:
            repository, sha = environ["GITHUB_REPOSITORY"], environ["GITHUB_SHA"]
        except KeyError as missing:
            raise UsageError(f"this is no run of a workflow: {missing.args[0]} is not set") from None
        event = _event(environ.get("GITHUB_EVENT_PATH"))
        head = event.get("pull_request") or {}
        server = environ.get("GITHUB_SERVER_URL", "https://github.com")
        api = environ.get("GITHUB_API_URL", "https://api.github.com")
        return cls(
            repository,
            (head.get("head") or {}).get("sha") or sha,
            head.get("number"),
            f"{server}/{repository}/actions/runs/{environ.get('GITHUB_RUN_ID', '')}",
            api,
            environ.get("GITHUB_GRAPHQL_URL", f"{api}/graphql"),
        )


def _event(path: str | None) -> Any:
    try:
        return json.loads(Path(path).read_text(encoding="utf-8")) if path else {}
    except (OSError, ValueError):
        return {}


class GitHub:
    """The repository of a run.

    Args:
        token: of the workflow, of an app or of a person.
    """

    def __init__(self, run: Run, token: str) -> None:
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        self.run = run
        self.api = Api(run.api, headers)
        self.path = f"/repos/{run.repository}"

    def me(self) -> str:
        """Return the account that the token writes as; the token of a workflow may not ask."""
        try:
            return str(self.api.send("GET", "/user")["login"])
        except ForgeError as error:
            if error.status in (401, 403, 404):
                return ACTIONS
            raise

    def pull_request(self) -> int | None:
        """Return the number of the pull request of this run: of its event, or the one that its commit was merged by."""
        if self.run.pull_request:
            return self.run.pull_request
        found = list(self.api.pages(f"{self.path}/commits/{self.run.sha}/pulls"))
        return int(found[0]["number"]) if found else None


class PullRequest:
    """The comments of a pull request; a `Thread`.

    Args:
        number: of the pull request.
        author: whose comments are ours.
    """

    def __init__(self, github: GitHub, number: int, author: str) -> None:
        self._github, self._author = github, author
        self.name = f"pull request #{number}"
        self._list = f"{github.path}/issues/{number}/comments"

    def comments(self) -> list[Comment]:
        """Return all comments, oldest first."""
        return [self._comment(row) for row in self._github.api.pages(f"{self._list}?per_page=100")]

    def create(self, body: str) -> Comment:
        """Write a comment."""
        return self._comment(self._github.api.send("POST", self._list, {"body": body}))

    def update(self, comment: Comment, body: str) -> Comment:
        """Change a comment."""
        number = comment.id.partition(" ")[0]
        path = f"{self._github.path}/issues/comments/{number}"
        return self._comment(self._github.api.send("PATCH", path, {"body": body}))

    def hide(self, comment: Comment) -> None:
        """Show a comment as outdated; where that is not allowed it stays as it is."""
        body = {"query": _HIDE, "variables": {"id": comment.id.partition(" ")[2]}}
        with suppress(ForgeError):
            self._github.api.send("POST", self._github.run.graphql, body)

    def _comment(self, row: Any) -> Comment:
        mine = (row.get("user") or {}).get("login") == self._author
        return Comment(f"{row['id']} {row.get('node_id', '')}", row.get("body") or "", row.get("html_url", ""), mine)


class GitHubIssues:
    """The issues of a repository with a label; an `Issues`.

    Args:
        label: that ours have.
    """

    def __init__(self, github: GitHub, label: str) -> None:
        self._github, self._label, self._author = github, label, github.me()
        self._list = f"{github.path}/issues"

    def issues(self) -> Iterator[Issue]:
        """Yield all issues with the label, open or closed."""
        for row in self._github.api.pages(f"{self._list}?labels={self._label}&state=all&per_page=100"):
            if "pull_request" not in row:
                yield self._issue(row)

    def create(self, title: str, body: str) -> Issue:
        """Open an issue."""
        content = {"title": title, "body": body, "labels": [self._label]}
        return self._issue(self._github.api.send("POST", self._list, content))

    def update(self, issue: Issue, title: str, body: str) -> None:
        """Change an issue, and open it again if it is closed."""
        content = {"state": "open", "title": title, "body": body}
        self._github.api.send("PATCH", f"{self._list}/{issue.number}", content)

    def close(self, issue: Issue) -> None:
        """Close an issue."""
        content = {"state": "closed", "state_reason": "completed"}
        self._github.api.send("PATCH", f"{self._list}/{issue.number}", content)

    def comment(self, issue: Issue, text: str) -> None:
        """Write a comment under an issue."""
        self._github.api.send("POST", f"{self._list}/{issue.number}/comments", {"body": text})

    def _issue(self, row: Any) -> Issue:
        mine = row["user"]["login"] == self._author
        return Issue(row["number"], row.get("body") or "", row["html_url"], row["state"] == "open", mine)
