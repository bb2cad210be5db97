"""Which plan was reviewed: what an apply after the merge is told to expect."""

from __future__ import annotations

from owui_sync.ci.comments import Thread, reviewed
from owui_sync.errors import StalePlan
from owui_sync.run.confirmation import EMPTY


def expected_digest(thread: Thread | None, key: str, review: str, way_on: str) -> tuple[str, str]:
    """Return what `apply --expect-digest` is to get, and why it is no digest of a plan, or an empty text.

    Args:
        thread: of the pull request that was merged; None where the commit came with none.
        key: of the plan.
        review: where plans are reviewed, such as `pull request`.
        way_on: what to do if nothing was reviewed, for messages.

    Raises:
        StalePlan: the last plan failed, or was applied already.
    """
    if thread is None:
        return "", f"no plan was reviewed: this commit has no {review}"
    found = reviewed(thread, key)
    if found is None:
        return EMPTY, f"{thread.name} shows no plan, so only one without changes is applied"
    if not found.plan:
        why = "is applied already" if found.closed else "failed, so nothing was reviewed"
        raise StalePlan(f"the plan of {thread.name} {why}", hint=way_on)
    return found.plan, ""


def refusal(review: str, way_on: str) -> str:
    """Return what a comment says above a plan that was not applied, because another one was reviewed.

    Args:
        review: where that one was reviewed, such as `pull request`.
        way_on: what to do now.
    """
    return (
        f"**Nothing was changed:** the plan below is not the one that was reviewed in the {review}. The server or the "
        f"manifests have changed since. To go on, {way_on}; or open a {review}, which gets a plan of its own."
    )
