"""Counts for the widget of a GitLab merge request (`artifacts: reports: terraform`)."""

from __future__ import annotations

import json
from collections.abc import Callable

from owui_sync.plan.types import Action
from owui_sync.report.reporters.document import DocumentReporter
from owui_sync.report.run_report import RunReport

_MOST = 999_999
"""GitLab takes numbers of up to six digits."""
_COUNTED = {
    "create": (Action.CREATE, Action.REPLACE),
    "update": (Action.UPDATE, Action.ADOPT, Action.MOVE),
    "delete": (Action.DELETE, Action.REPLACE),
}
"""What each of GitLab's three numbers counts: as with Terraform, a replace is a delete and a create."""


class GitLabReporter(DocumentReporter):
    """Three numbers."""

    def render(self, report: RunReport) -> str | None:
        """Return the counts of a plan; None without one, as GitLab would take zeros for a plan without changes."""
        return widget_counts(report.plan.count) if report.plan else None


def widget_counts(count: Callable[[Action], int]) -> str:
    """Return GitLab's three numbers; `count` tells how many objects an action changes."""
    counts = {name: sum(map(count, actions)) for name, actions in _COUNTED.items()}
    return json.dumps({name: min(count, _MOST) for name, count in counts.items()}) + "\n"
