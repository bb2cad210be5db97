"""Results as JUnit XML, which CI systems show."""

from __future__ import annotations

from owui_sync.report.reporters.document import DocumentReporter
from owui_sync.report.run_report import RunReport


class JUnitReporter(DocumentReporter):
    """A suite of the changes and one of the jobs."""

    def render(self, report: RunReport) -> str:
        """Return the document."""
        from owui_sync.report.junit import junit

        return junit(report)
