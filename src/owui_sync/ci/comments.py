"""One comment for each key on a pull request: found again, changed in place, finished by an apply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from owui_sync.ci.marker import Marker, find

Mode = Literal["changes", "always", "new"]
"""When there is a comment: with changes, always, or a new one for each run, which hides the old ones.

With `changes`, a comment that is there is changed to say that there are no changes any more.
"""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as the forge has it; `mine` tells whether the account of our token wrote it."""

    id: str
    body: str
    url: str
    mine: bool


class Thread(Protocol):
    """The comments of one pull request or merge request; `name` is how people call it, such as `pull request #7`."""

    name: str

    def comments(self) -> list[Comment]:
        """Return all comments, oldest first."""

    def create(self, body: str) -> Comment:
        """Write a comment."""

    def update(self, comment: Comment, body: str) -> Comment:
        """Change a comment."""

    def hide(self, comment: Comment) -> None:
        """Show a comment as outdated, where the forge can do that."""


def reviewed(thread: Thread, key: str) -> Marker | None:
    """Return the marker of our newest comment with a plan, also of one that is finished; None without any."""
    markers = [find(comment.body) for comment in thread.comments() if comment.mine]
    return next((one for one in reversed(markers) if one and (one.about, one.key) == ("plan", key)), None)


def show(thread: Thread, marker: Marker, text: str, mode: Mode, *, worth: bool) -> Comment | None:
    """Make the thread show the text under its marker; return the comment, or None when there is none.

    A marker counts only in a comment of our own account: anybody can write one.

    Args:
        worth: whether the text is worth a comment of its own.
    """
    body = f"{marker}\n{text}\n"
    old = [comment for comment in thread.comments() if comment.mine and marker.fits(find(comment.body))]
    if not old or mode == "new":
        shown = thread.create(body) if worth or mode != "changes" else None
        outdated = old
    else:
        newest = old.pop()
        shown = newest if newest.body.strip() == body.strip() else thread.update(newest, body)
        outdated = old
    for comment in outdated:
        thread.hide(comment)
    return shown
