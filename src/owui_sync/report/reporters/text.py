"""Results for people."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from owui_sync.report.out import say
from owui_sync.report.reporters.base import BaseReporter

if TYPE_CHECKING:
    from owui_sync.errors import OwuiSyncError
    from owui_sync.plan.types import Plan
    from owui_sync.report.lines import Line
    from owui_sync.run.result import RunResult
    from owui_sync.values import Json


class TextReporter(BaseReporter):
    """Lines in colour on a terminal, plain ones in a file or a pipe."""

    def preview_plan(self, plan: Plan, *, asks: bool) -> None:
        """Print the plan, whoever decides on it; with `-q` the whole of it only if somebody does."""
        self._print_plan(plan, sys.stdout, whole=asks or not self.settings.quiet)
        sys.stdout.flush()

    def show_plan(self, plan: Plan) -> None:
        """Print what an apply would do; with `-q` how many changes it would make."""
        self._print_plan(plan, sys.stdout, whole=not self.settings.quiet)
        sys.stdout.flush()

    def show_result(self, result: RunResult) -> None:
        """Print each failure with the request, the server's words and what to do, then the counts; then the jobs."""
        from owui_sync.report.jobs_lines import jobs_lines
        from owui_sync.report.outcome_lines import outcome_lines

        if result.outcome.plan.changes:
            self._print(outcome_lines(result.outcome, result.seconds))
        if result.jobs:
            self._print(jobs_lines(result.jobs))

    def show_document(self, document: Json, text: str | Sequence[Line], warnings: Sequence[str] = ()) -> None:
        """Print the text, and its warnings."""
        if not isinstance(text, str):
            self._print(text)
        elif text:
            say(text)
        self.warn(warnings)

    def show_invalid(self, error: OwuiSyncError, document: Json) -> None:
        """Print the problems on stderr."""
        self.show_error(error)

    def _print(self, lines: Iterable[Line]) -> None:
        from owui_sync.report.console import console_for
        from owui_sync.report.lines import print_lines

        print_lines(lines, console_for(sys.stdout, no_color=self.settings.no_color))
