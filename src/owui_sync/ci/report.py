"""What a run left, as a pipeline tells of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from owui_sync.report.run_report import REASONS

COUNTS = ("create", "update", "adopt", "replace", "move", "delete", "jobs")
"""Counts in the summary of a plan."""

_CHANGES = 2


@dataclass(frozen=True, slots=True)
class Report:
    """What a command left.

    Args:
        exit_code: that it ended with.
        document: the JSON document that it wrote, of a plan or an apply; None when there is none.
        markdown: the same for people; may be empty.
        errors: what it wrote to stderr.
    """

    exit_code: int
    document: Mapping[str, Any] | None = None
    markdown: str = ""
    errors: str = ""
    counts: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        summary = (self.document or {}).get("summary", {})
        object.__setattr__(self, "counts", {name: int(summary.get(name, 0)) for name in COUNTS})

    @property
    def failed(self) -> bool:
        """Whether the command failed; differences are no failure."""
        return self.exit_code not in (0, _CHANGES)

    @property
    def reason(self) -> str:
        """Why it failed, in one word; empty when it did not."""
        return REASONS.get(self.exit_code, "error") if self.failed else ""

    @property
    def problems(self) -> Sequence[Mapping[str, Any]]:
        """What was wrong, of a command that ended before it had a plan."""
        errors: Sequence[Mapping[str, Any]] = (self.document or {}).get("errors", ())
        return errors

    @property
    def has_changes(self) -> bool:
        """Whether there is anything to do."""
        return any(self.counts.values())

    @property
    def drifted(self) -> int:
        """How many objects were changed on the server since the last apply."""
        changes = (self.document or {}).get("changes", [])
        return sum(any(one.get("cause") == "drift" for one in change.get("fields", [])) for change in changes)

    @property
    def digest(self) -> str:
        """The same for two runs that found the same: of the changes, without what differs from run to run."""
        changes = (self.document or {}).get("changes", [])
        told = [{name: change.get(name) for name in ("action", "kind", "key", "fields")} for change in changes]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def plan_digest(self) -> str:
        """The `digest` of the plan, for a review; empty for a command that failed."""
        return "" if self.failed else str((self.document or {}).get("digest", ""))

    @property
    def is_unreviewed(self) -> bool:
        """Whether an apply refused its plan because another one was reviewed."""
        return self.reason == "stale"

    def text(self, command: str) -> str:
        """Return what a comment says: the plan, or why there is none, so that no old plan is taken for a new one."""
        shown = self.markdown.strip()  # It is short enough for a comment, and says why a plan failed, too.
        if shown and not self.failed:
            return shown
        title = f"### owui-sync {command} {f'failed ({self.reason})' if self.failed else 'is done'}"
        if self.failed and not shown and (errors := self.errors.strip()[-_LONGEST:]):
            fence = "`" * max(3, _longest_ticks(errors) + 1)
            shown = f"{fence}text\n{errors}\n{fence}"
        return f"{title}\n\n{shown}".strip()


_LONGEST = 20_000
"""Characters of stderr that a comment shows, from the end."""


def _longest_ticks(text: str) -> int:
    return max((len(run) for run in "".join(c if c == "`" else " " for c in text).split()), default=0)
