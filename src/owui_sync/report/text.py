"""Reports for people: the plan, and how an apply went."""

from __future__ import annotations

from typing import IO

from owui_sync.apply.outcome import Outcome
from owui_sync.plan.types import Plan
from owui_sync.report.console import console_for
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
