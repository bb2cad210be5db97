"""Reports of tests and rehearsals in the format that was asked for, on stdout and in files."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Generic, Protocol, TypeVar

from owui_sync.environments.checks import Check, CheckStatus
from owui_sync.plan.types import Plan
from owui_sync.report.console import console_for
from owui_sync.report.files import write_files
from owui_sync.report.html.plain import block, plain_page, table
from owui_sync.report.lines import Line, print_lines
from owui_sync.report.out import say
from owui_sync.report.outcome_lines import duration
from owui_sync.report.plan_lines import WIDEST
from owui_sync.report.reporters.gitlab import widget_counts
from owui_sync.report.reporters.prometheus import gauge, run_gauges
from owui_sync.report.settings import ReportFile, Settings
from owui_sync.report.visible import dumps, visible_lines
from owui_sync.values import Json

Report = TypeVar("Report", bound="ThrowawayReport")

REPORTS = ("text", "json", "markdown", "html", "gitlab", "junit", "prometheus")
"""The formats of `--report`."""


class ThrowawayReport(Protocol):
    """What the reports of commands have in common that work on a throwaway server."""

    checks: tuple[Check, ...]
    stack: str
    version: str

    @property
    def exit_code(self) -> int:
        """What the command ends with."""

    @property
    def seconds(self) -> float:
        """Wall time of all steps."""


@dataclass(frozen=True, slots=True)
class ReportForms(Generic[Report]):
    """How a report of one command is written.

    Args:
        command: its name.
        plan: gives the plan whose changes count; None where there is none.
        lines: for people, arranged in so many columns.
        markdown: for a comment.
        document: for machines.
        junit: for CI systems.
    """

    command: str
    plan: Callable[[Report], Plan | None]
    lines: Callable[[Report, int], Iterator[Line]]
    markdown: Callable[[Report], str]
    document: Callable[[Report], Json]
    junit: Callable[[Report], str]

    def show(self, report: Report, format: str, settings: Settings) -> None:
        """Print the report on stdout."""
        if format != "text":
            say(self._text(report, format) or "")
            return
        console = console_for(sys.stdout, no_color=settings.no_color)
        print_lines(self.lines(report, min(console.width, WIDEST)), console)

    def save(self, report: Report, files: Iterable[ReportFile]) -> None:
        """Write the report to files, each in its format.

        Raises:
            OwuiSyncError: a file cannot be written.
        """
        write_files(files, partial(self._text, report))

    def _text(self, report: Report, format: str) -> str | None:
        forms: Mapping[str, Callable[[], str | None]] = {
            "text": lambda: visible_lines("".join(f"{line.text}\n" for line in self.lines(report, WIDEST))),
            "json": lambda: dumps(self.document(report)),
            "markdown": lambda: self.markdown(report),
            "html": lambda: self._page(report),
            "gitlab": lambda: self._counts(report),
            "junit": lambda: self.junit(report),
            "prometheus": lambda: "".join(self._metrics(report)),
        }
        return forms[format]()

    def _page(self, report: Report) -> str:
        rows = [(check.name, check.status, check.text, duration(check.seconds)) for check in report.checks]
        steps = table(("step", "status", "", "time"), rows)
        lines = block(line.text for line in self.lines(report, WIDEST))
        return plain_page(f"owui-sync {self.command}", [steps, "<h2>Report</h2>\n", lines])

    def _counts(self, report: Report) -> str | None:
        """Return the counts of the plan; None without one: GitLab would take zeros for a plan without changes."""
        plan = self.plan(report)
        return widget_counts(plan.count) if plan else None

    def _metrics(self, report: Report) -> Iterator[str]:
        run = {"command": self.command, "stack": report.stack, "target": ""}
        yield from run_gauges(run, report.exit_code, time.time(), report.seconds)
        steps = [
            ({**run, "step": check.name, "server_version": report.version}, int(check.status is CheckStatus.PASSED))
            for check in report.checks
            if check.status is not CheckStatus.SKIPPED
        ]
        yield gauge("owui_sync_step_passed", "Whether a step of the last run passed.", steps)
