"""GitHub: the run that we are in, comments on pull requests, and an issue about drift."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from owui_sync.ci.comments import Comment
from owui_sync.ci.http import Api, ForgeError
from owui_sync.ci.marker import Marker, find
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


def show_drift(github: GitHub, marker: Marker, title: str, text: str, label: str, *, drifted: bool) -> str:
    """Keep one issue for each key: opened with drift, changed in place, closed when there is none; return its address.

    A comment, which sends mails, is written only when something else drifted than before.

    Args:
        drifted: whether there is a difference.
    """
    issues = f"{github.path}/issues"
    author = github.me()
    found = [
        issue
        for issue in github.api.pages(f"{issues}?labels={label}&state=all&per_page=100")
        if "pull_request" not in issue and issue["user"]["login"] == author and marker.fits(find(issue.get("body")))
    ]
    issue = next((one for one in found if one["state"] == "open"), found[0] if found else None)
    body = f"{marker}\n{text}\n"
    if issue is None:
        if not drifted:
            return ""
        return str(github.api.send("POST", issues, {"title": title, "body": body, "labels": [label]})["html_url"])
    path = f"{issues}/{issue['number']}"
    if not drifted:
        if issue["state"] == "open":
            github.api.send("POST", f"{path}/comments", {"body": f"In sync again: {github.run.url}"})
            github.api.send("PATCH", path, {"state": "closed", "state_reason": "completed"})
        return str(issue["html_url"])
    before = find(issue.get("body"))
    news = issue["state"] != "open" or before is None or before.digest != marker.digest
    github.api.send("PATCH", path, {"state": "open", "title": title, "body": body})
    if news:
        github.api.send("POST", f"{path}/comments", {"body": f"Something else differs now: {github.run.url}"})
    return str(issue["html_url"])
