"""Reports for people: the plan, and how an apply went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Any

from owui_sync.apply.outcome import Outcome
from owui_sync.jobs.outcome import JobResult
from owui_sync.plan.types import Plan
from owui_sync.report.console import console_for
from owui_sync.report.jobs_lines import jobs_lines, known_lines
from owui_sync.report.lines import print_lines
from owui_sync.report.outcome_lines import outcome_lines
from owui_sync.report.plan_lines import plan_lines

_WIDEST = 120
"""Columns in which fields are arranged on a wider terminal or in a file, so that causes stay near their fields."""


def print_plan(plan: Plan, stream: IO[str], *, no_color: bool = False, show_unchanged: bool = False) -> None:
    """Prints what an apply would do.

    Args:
        plan: the plan.
        stream: where to, usually stdout.
        no_color: never use colours.
        show_unchanged: list the addresses of unchanged objects too.
    """
    console = console_for(stream, no_color=no_color)
    print_lines(plan_lines(plan, min(console.width, _WIDEST), show_unchanged), console)


def print_outcome(outcome: Outcome, seconds: float, stream: IO[str], *, no_color: bool = False) -> None:
    """Prints how an apply went: each failure with the request, the server's words and what to do, then the counts.

    Args:
        outcome: the results.
        seconds: wall time of the apply.
        stream: where to, usually stdout.
        no_color: never use colours.
    """
    print_lines(outcome_lines(outcome, seconds), console_for(stream, no_color=no_color))


def print_jobs(results: Sequence[JobResult], stream: IO[str], *, no_color: bool = False) -> None:
    """Prints how jobs went: what failed with the answer and what was missing, then the counts; nothing for none."""
    if results:
        print_lines(jobs_lines(results), console_for(stream, no_color=no_color))


def print_known_jobs(jobs: Sequence[dict[str, Any]], stream: IO[str], *, no_color: bool = False) -> None:
    """Prints the jobs of the manifests with their last runs, each as `jobs_document.known_job` makes it."""
    print_lines(known_lines(jobs), console_for(stream, no_color=no_color))
