"""What ends a run besides models that do not answer."""

from __future__ import annotations

from owui_sync.errors import OwuiSyncError


class PlanRefused(OwuiSyncError):
    """Whoever had to approve the plan of a research wants none of its questions; none was asked."""

    def __init__(self) -> None:
        super().__init__("the plan was not approved, so that nothing was asked")
