"""Reports of tests and rehearsals in the format that was asked for, on stdout and in files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from owui_sync.report.console import console_for
from owui_sync.report.files import write_files
from owui_sync.report.lines import Line, print_lines
from owui_sync.report.out import say
from owui_sync.report.plan_lines import WIDEST
from owui_sync.report.settings import ReportFile, Settings
from owui_sync.report.visible import dumps, visible_lines
from owui_sync.values import Json

Report = TypeVar("Report")


@dataclass(frozen=True, slots=True)
class ReportForms(Generic[Report]):
    """How a report of one command is written.

    Args:
        lines: for people, arranged in so many columns.
        markdown: for a comment.
        document: for machines.
        junit: for CI systems.
    """

    lines: Callable[[Report, int], Iterator[Line]]
    markdown: Callable[[Report], str]
    document: Callable[[Report], Json]
    junit: Callable[[Report], str]

    def show(self, report: Report, format: str, settings: Settings) -> None:
        """Print the report on stdout."""
        if format != "text":
            say(self._text(report, format))
            return
        console = console_for(sys.stdout, no_color=settings.no_color)
        print_lines(self.lines(report, min(console.width, WIDEST)), console)

    def save(self, report: Report, files: Iterable[ReportFile]) -> None:
        """Write the report to files, each in its format.

        Raises:
            OwuiSyncError: a file cannot be written.
        """
        write_files(files, partial(self._text, report))

    def _text(self, report: Report, format: str) -> str:
        forms: Mapping[str, Callable[[], str]] = {
            "text": lambda: visible_lines("".join(f"{line.text}\n" for line in self.lines(report, WIDEST))),
            "json": lambda: dumps(self.document(report)),
            "markdown": lambda: self.markdown(report),
            "junit": lambda: self.junit(report),
        }
        return forms[format]()
