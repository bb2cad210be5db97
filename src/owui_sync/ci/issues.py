"""One issue about drift for each key: opened, changed in place, closed when nothing differs any more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from owui_sync.ci.marker import Marker, find


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue as the forge has it; `mine` tells whether the account of our token wrote it."""

    number: int
    body: str
    url: str
    is_open: bool
    mine: bool


class Issues(Protocol):
    """The issues of a repository or project that have our label."""

    def issues(self) -> Iterable[Issue]:
        """Return all of them, open or closed."""

    def create(self, title: str, body: str) -> Issue:
        """Open an issue."""

    def update(self, issue: Issue, title: str, body: str) -> None:
        """Change an issue, and open it again if it is closed."""

    def close(self, issue: Issue) -> None:
        """Close an issue."""

    def comment(self, issue: Issue, text: str) -> None:
        """Write a comment under an issue."""


def show_drift(issues: Issues, marker: Marker, text: str, run: str, *, drifted: bool) -> str:
    """Keep the issue of a key; return its address, or an empty text when there is none.

    A comment, which sends mails, is written only when something else drifted than before. A marker counts only in an
    issue of our own account.

    Args:
        run: address of the run that looked.
        drifted: whether there is a difference.
    """
    found = [issue for issue in issues.issues() if issue.mine and marker.fits(find(issue.body))]
    issue = next((one for one in found if one.is_open), found[0] if found else None)
    title, body = f"owui-sync: {marker.key} differs from the manifests", f"{marker}\n{text}\n"
    if issue is None:
        return issues.create(title, body).url if drifted else ""
    if not drifted:
        if issue.is_open:
            issues.comment(issue, f"In sync again: {run}")
            issues.close(issue)
        return issue.url
    before = find(issue.body)
    issues.update(issue, title, body)
    if not issue.is_open or before is None or before.digest != marker.digest:
        issues.comment(issue, f"Something else differs now: {run}")
    return issue.url
