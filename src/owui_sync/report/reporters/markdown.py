"""Results for a comment on a pull request."""

from __future__ import annotations

from owui_sync.report.reporters.document import DocumentReporter
from owui_sync.report.run_report import RunReport


class MarkdownReporter(DocumentReporter):
    """A report that is short enough for a comment."""

    def render(self, report: RunReport) -> str:
        """Return how the run went, failures first; or what an apply would do; or what went wrong."""
        from owui_sync.report.markdown import error_markdown, outcome_markdown, plan_markdown

        if report.result:
            result = report.result
            return outcome_markdown(result.outcome, result.total_seconds, result.jobs)
        if report.plan:
            return plan_markdown(report.plan, self.settings, report.error)
        return error_markdown(report)
