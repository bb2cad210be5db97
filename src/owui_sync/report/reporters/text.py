"""Results for people."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from owui_sync.report.lines import Line
from owui_sync.report.out import say
from owui_sync.report.reporters.base import BaseReporter
from owui_sync.report.visible import visible

if TYPE_CHECKING:
    from owui_sync.errors import OwuiSyncError
    from owui_sync.plan.types import Plan
    from owui_sync.report.run_report import RunReport
    from owui_sync.run.result import RunResult
    from owui_sync.values import Json


class TextReporter(BaseReporter):
    """Lines in colour on a terminal, plain ones in a file or a pipe."""

    def preview_plan(self, plan: Plan, *, asks: bool) -> None:
        """Print the plan, whoever decides on it; with `-q` the whole of it only if somebody does."""
        self.plan = plan
        self._print_plan(plan, sys.stdout, whole=asks or not self.settings.quiet)
        sys.stdout.flush()

    def show_plan(self, plan: Plan) -> None:
        """Print what an apply would do; with `-q` how many changes it would make."""
        self.plan = plan
        self._print_plan(plan, sys.stdout, whole=not self.settings.quiet)
        sys.stdout.flush()

    def show_result(self, result: RunResult) -> None:
        """Print each failure with the request, the server's words and what to do, then the counts; then the jobs."""
        super().show_result(result)
        self._print(result_lines(result))

    def render(self, report: RunReport) -> str:
        """Return the plan and what came of it, as on a wide terminal without colours."""
        from owui_sync.report.errors import error_lines
        from owui_sync.report.plan_lines import WIDEST, plan_lines

        lines = list(plan_lines(report.plan, WIDEST, self.settings)) if report.plan else []
        if report.result:
            lines += [Line(), *result_lines(report.result)]
        if report.error:
            lines += [*([Line()] if lines else []), *error_lines(report.error.problems)]
        return "".join(f"{visible(line.text)}\n" for line in lines)

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


def result_lines(result: RunResult) -> Iterator[Line]:
    """Yield the lines about the changes, then those about the jobs."""
    from owui_sync.report.jobs_lines import jobs_lines
    from owui_sync.report.outcome_lines import outcome_lines

    if result.outcome.plan.changes:
        yield from outcome_lines(result.outcome, result.seconds)
    if result.jobs:
        yield from jobs_lines(result.jobs)
