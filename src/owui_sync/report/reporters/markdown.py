"""Results for a comment on a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from owui_sync.report.out import say
from owui_sync.report.reporters.base import BaseReporter

if TYPE_CHECKING:
    from owui_sync.plan.types import Plan
    from owui_sync.run.result import RunResult


class MarkdownReporter(BaseReporter):
    """A report on stdout that is short enough for a comment."""

    def show_plan(self, plan: Plan) -> None:
        """Print what an apply would do."""
        from owui_sync.report.markdown import plan_markdown

        say(plan_markdown(plan, show_unchanged=self.settings.show_unchanged))

    def show_result(self, result: RunResult) -> None:
        """Print how the run went, failures first."""
        from owui_sync.report.markdown import outcome_markdown

        say(outcome_markdown(result.outcome, result.total_seconds, result.jobs))
