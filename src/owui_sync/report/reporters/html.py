"""Results as one page for browsers."""

from __future__ import annotations

import os

from owui_sync.report.reporters.document import DocumentReporter
from owui_sync.report.run_report import RunReport


class HtmlReporter(DocumentReporter):
    """A page that needs no network."""

    def render(self, report: RunReport) -> str:
        """Return the page."""
        from owui_sync.report.html.page import html_page

        return html_page(report, os.environ)
