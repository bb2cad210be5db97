"""What a research may take, and whether another question fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from owui_sync.client.chat.session import ChatSession
from owui_sync.client.runs.citations import numbered
from owui_sync.client.runs.definition import Budget, Finding


@dataclass(frozen=True, slots=True)
class Spending:
    """What a research has taken of its budget.

    Args:
        budget: the budget.
        session: counts tokens and seconds.
        findings: what the questions came to so far.
    """

    budget: Budget
    session: ChatSession
    findings: Sequence[Finding]

    @property
    def _sources(self) -> int:
        return len(numbered(finding.sources for finding in self.findings))

    def used_up(self) -> str | None:
        """Return which part of the budget is used up, in words; None while nothing is."""
        budget = self.budget
        if budget.tokens is not None and self.session.tokens >= budget.tokens:
            return f"the budget of {budget.tokens} tokens"
        if budget.seconds is not None and self.session.seconds >= budget.seconds:
            return f"the budget of {budget.seconds:g} seconds"
        if budget.sources is not None and self._sources >= budget.sources:
            return f"the budget of {budget.sources} sources"
        return None

    def covers(self, under_way: int) -> bool:
        """Return whether another question may begin beside those under way, each reckoned as those before it.

        Until a first one has ended nobody knows what that is, so it is asked alone.
        """
        budget, asked = self.budget, len(self.findings)
        if not under_way or (budget.tokens is None and budget.sources is None):
            return True
        if not asked:
            return False
        share = under_way / asked
        return (budget.tokens is None or self.session.tokens * (1 + share) < budget.tokens) and (
            budget.sources is None or self._sources * (1 + share) < budget.sources
        )
