"""What is told on stderr, whatever the format of stdout."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import IO, TYPE_CHECKING

from owui_sync.report.out import say
from owui_sync.report.run_report import RunReport
from owui_sync.report.settings import Settings

if TYPE_CHECKING:
    from owui_sync.apply.outcome import Listener
    from owui_sync.errors import OwuiSyncError
    from owui_sync.jobs.outcome import JobListener
    from owui_sync.plan.types import Plan
    from owui_sync.report.file_bar import FileListener
    from owui_sync.run.result import RunResult


class BaseReporter:
    """Plans that are asked about, progress, notices, warnings and errors; formats add what goes to stdout.

    Args:
        settings: how the command talks.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.plan: Plan | None = None
        self.result: RunResult | None = None

    def preview_plan(self, plan: Plan, *, asks: bool) -> None:
        """Show a plan for people if one of them has to decide on it: stdout gets the result only."""
        self.plan = plan
        if asks:
            self._print_plan(plan, sys.stderr)

    def show_plan(self, plan: Plan) -> None:
        """Keep the plan for the end."""
        self.plan = plan

    def show_result(self, result: RunResult) -> None:
        """Keep the result for the end."""
        self.plan, self.result = result.outcome.plan, result

    def finish(self, report: RunReport) -> None:
        """Print what is printed at the end, and write the files of `--report`."""
        report = self.completed(report)
        self.print_report(report)
        if self.settings.reports:
            from owui_sync.report.files import write_reports

            write_reports(report, self.settings)

    def completed(self, report: RunReport) -> RunReport:
        """Return the report with the plan and the result that were shown."""
        return replace(report, plan=self.plan, result=self.result)

    def print_report(self, report: RunReport) -> None:
        """Print the report, where it was not printed piece by piece."""

    def notify(self, text: str) -> None:
        """Print a line, except with `-q`."""
        if not self.settings.quiet:
            say(text, err=True)

    def warn(self, warnings: Iterable[str]) -> None:
        """Print each warning on a line, or log it with `--log-format json`; nothing with `-q`."""
        warnings = list(warnings)
        if not warnings or self.settings.quiet:
            return
        from owui_sync.report.errors import print_warnings

        print_warnings(warnings, sys.stderr, no_color=self.settings.no_color, log_format=self.settings.log_format)

    def show_error(self, error: OwuiSyncError) -> None:
        """Print every problem of an error, or log it with `--log-format json`."""
        from owui_sync.report.errors import print_error

        print_error(error, sys.stderr, no_color=self.settings.no_color, log_format=self.settings.log_format)

    def change_progress(self, total: int) -> AbstractContextManager[Listener]:
        """Show progress of so many changes."""
        from owui_sync.report.progress import progress

        settings = self.settings
        return progress(
            total,
            sys.stderr,
            quiet=not settings.shows_progress,
            each_file=settings.verbosity > 0,
            no_color=settings.no_color,
        )

    def job_progress(self) -> AbstractContextManager[JobListener]:
        """Show progress of jobs."""
        from owui_sync.report.jobs_progress import jobs_progress

        return jobs_progress(sys.stderr, quiet=not self.settings.shows_progress, no_color=self.settings.no_color)

    def file_progress(self) -> AbstractContextManager[FileListener]:
        """Show progress of files that are downloaded."""
        from owui_sync.report.file_bar import saving

        return saving(sys.stderr, quiet=not self.settings.shows_progress, no_color=self.settings.no_color)

    def _print_plan(self, plan: Plan, stream: IO[str], *, whole: bool = True) -> None:
        from owui_sync.report.console import console_for
        from owui_sync.report.lines import print_lines
        from owui_sync.report.plan_lines import WIDEST, plan_lines, summary_line

        console = console_for(stream, no_color=self.settings.no_color)
        lines = plan_lines(plan, min(console.width, WIDEST), self.settings)
        print_lines(lines if whole else [summary_line(plan)], console)
