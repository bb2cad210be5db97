"""Errors and warnings for the person who has to act, on stderr."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import IO

from owui_sync.errors import Diagnostic, OwuiSyncError
from owui_sync.report.console import console_for
from owui_sync.report.lines import Line, print_lines
from owui_sync.report.logs import LogFormat
from owui_sync.report.visible import visible, visible_lines

_logger = logging.getLogger(__name__)


def print_error(
    error: OwuiSyncError, stream: IO[str], *, no_color: bool = False, log_format: LogFormat = "text"
) -> None:
    """Print every problem of an error: what, where, and what to do; several are numbered and counted.

    Args:
        error: what stopped the command.
        stream: where to, usually stderr.
        no_color: never use colours.
        log_format: with `json` the problems are log records instead, so that a machine can read all of stderr.
    """
    if log_format == "json":
        for problem in error.problems:
            _logger.error(problem.message, extra={"where": problem.where, "hint": problem.hint})
        return
    print_lines(error_lines(error.problems), console_for(stream, no_color=no_color))


def print_warnings(
    warnings: Iterable[str], stream: IO[str], *, no_color: bool = False, log_format: LogFormat = "text"
) -> None:
    """Print each warning on a line; the parameters are those of `print_error`."""
    if log_format == "json":
        for warning in warnings:
            _logger.warning(warning)
        return
    lines = [line for warning in warnings for line in _message("warning: ", "bold yellow", warning)]
    print_lines(lines, console_for(stream, no_color=no_color))


def error_lines(problems: tuple[Diagnostic, ...]) -> Iterator[Line]:
    """Yield the lines about problems; several are numbered and counted."""
    several = len(problems) > 1
    for number, problem in enumerate(problems, 1):
        yield from _message(f"error {number}: " if several else "error: ", "bold red", problem.message)
        if problem.where:
            yield Line((("at ", "dim"),), ((visible(problem.where), ""),), 2)
        if problem.hint:
            yield from _message("help: ", "cyan", problem.hint, indent=2)
    if several:
        yield Line((), ((f"{len(problems):,} errors", "bold red"),))


def _message(label: str, style: str, text: str, indent: int = 0) -> list[Line]:
    first, *rest = visible_lines(text).split("\n")
    return [
        Line(((label, style),), ((first, ""),), indent),
        *(Line((), ((each, ""),), indent + 4) for each in rest),
    ]
