"""The options that commands share which change a server, and the way from them to `owui_sync.pipeline.run`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from owui_sync.cli.connection import NOT_NEGATIVE
from owui_sync.cli.options import Function
from owui_sync.errors import UsageError

if TYPE_CHECKING:
    from owui_sync.report.reporters import Reporter
    from owui_sync.run.interfaces import PlanSource
    from owui_sync.run.options import RunOptions

lock_timeout_option = click.option(
    "--lock-timeout",
    type=NOT_NEGATIVE,
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for another run of the same stack.",
)


def run_options(function: Function) -> Function:
    """`--yes` and `--lock-timeout`; the command gets `yes: bool`, `lock_timeout: float`."""
    return click.option("--yes", "-y", "--auto-approve", "yes", is_flag=True, help="Do not ask.")(
        lock_timeout_option(function)
    )


def asking(yes: bool) -> Callable[[str], None] | None:
    """Return what asks a question on the terminal and aborts on a no; None with `--yes`.

    Raises:
        UsageError: there is nobody to ask.
    """
    if yes:
        return None
    if not sys.stdin.isatty():
        raise UsageError("there is no terminal to confirm the changes on", hint="pass --yes")

    def ask(question: str) -> None:
        click.confirm(question, abort=True, err=True)

    return ask


def carry_out(source: PlanSource, options: RunOptions, reporter: Reporter) -> int:
    """Run the pipeline; return the exit code.

    Raises:
        LockLost: another run took the lock in the middle.
    """
    from owui_sync.pipeline import run
    from owui_sync.run.result import LockLost

    result = asyncio.run(run(source, options, reporter))
    if result.is_lock_lost:
        raise LockLost()
    return result.exit_code
