"""One class for each format: all that a command tells goes through a `Reporter`.

A new format is a class that extends `DocumentReporter`, in a module of its own, and a line in `REPORTERS`.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from owui_sync.report.settings import Settings
from owui_sync.run.interfaces import RunReporter

if TYPE_CHECKING:
    from owui_sync.errors import OwuiSyncError
    from owui_sync.plan.types import Plan
    from owui_sync.report.file_bar import FileListener
    from owui_sync.report.lines import Line
    from owui_sync.report.run_report import RunReport
    from owui_sync.values import Json

REPORTERS = {
    "text": "TextReporter",
    "json": "JsonReporter",
    "markdown": "MarkdownReporter",
    "html": "HtmlReporter",
    "gitlab": "GitLabReporter",
    "junit": "JUnitReporter",
    "prometheus": "PrometheusReporter",
}
"""Name of each format -> its class, in the module of that name."""


class Reporter(RunReporter, Protocol):
    """Tells whoever started a command what comes of it: results on stdout, everything else on stderr."""

    def show_plan(self, plan: Plan) -> None:
        """Show what an apply would do."""

    def show_document(self, document: Json, text: str | Sequence[Line], warnings: Sequence[str] = ()) -> None:
        """Show a result that has a form for machines and one for people; the document holds its warnings."""

    def show_invalid(self, error: OwuiSyncError, document: Json) -> None:
        """Show what is wrong with what was to be checked."""

    def file_progress(self) -> AbstractContextManager[FileListener]:
        """Show progress of files that are downloaded while the block runs; give the listener."""

    def show_error(self, error: OwuiSyncError) -> None:
        """Show why the command failed."""

    def completed(self, report: RunReport) -> RunReport:
        """Return the report with the plan and the result that were shown."""

    def finish(self, report: RunReport) -> None:
        """Print what is printed at the end, and write the files of `--report`; the plan and its result are known."""

    def render(self, report: RunReport) -> str | None:
        """Return what a file in this format holds; None where there is nothing that such a file could hold."""


def reporter_for(format: str, settings: Settings) -> Reporter:
    """Make the reporter of a format. Imports no other one, so that no command waits for what it does not use."""
    module = importlib.import_module(f"{__name__}.{format}")
    reporter: Reporter = getattr(module, REPORTERS[format])(settings)
    return reporter
