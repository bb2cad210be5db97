"""Progress of an apply on stderr: a live display on a terminal, a line for each finished change without one.

What is skipped is not progress: the summary says so in the end, once for each reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from owui_sync.apply.outcome import Event, Finished, Listener, Result, Started, Status
from owui_sync.report.console import console_for, is_terminal
from owui_sync.report.lines import Line, Span, print_lines
from owui_sync.report.outcome_lines import duration
from owui_sync.report.plan_lines import STYLES
from owui_sync.report.visible import visible

if TYPE_CHECKING:
    from rich.console import Console

_SHOWN = 4
"""So many of the objects that are being written are named."""


@contextmanager
def progress(
    total: int, stream: IO[str], terminal: bool | None = None, quiet: bool = False, *, no_color: bool = False
) -> Iterator[Listener]:
    """Shows progress while the `with` block runs; gives the listener to hand to the apply.

    Args:
        total: how many changes there are.
        stream: where to, usually stderr.
        terminal: whether to draw a live display; None: when the stream is a terminal.
        quiet: show nothing.
        no_color: never use colours.
    """
    if quiet or total == 0:
        yield _nothing
        return
    console = console_for(stream, no_color=no_color)
    if terminal is None:
        terminal = is_terminal(stream) and not console.is_dumb_terminal
    if not terminal:
        yield lambda event: _line(event, console)
        return
    with _live(total, console) as listener:
        yield listener


def _nothing(event: Event) -> None:
    pass


def _line(event: Event, console: Console) -> None:
    if isinstance(event, Finished) and event.result.status is not Status.SKIPPED:
        width = len(str(event.total))
        count: Span = (f"[{event.done:>{width}}/{event.total}] ", "dim")
        print_lines([Line((count, *_what(event.result)), _how(event.result))], console)


def _what(result: Result) -> tuple[Span, ...]:
    change = result.change
    return (f"{change.action.symbol} ", STYLES[change.action]), (f"{visible(change.address)}  ", "")


def _how(result: Result) -> tuple[Span, ...]:
    if result.status is Status.DONE:
        return (("done ", "green"), (duration(result.seconds), "dim"))
    return ((result.status.value, "bold red"), (f": {visible(result.error.detail)}" if result.error else "", ""))


@contextmanager
def _live(total: int, console: Console) -> Iterator[Listener]:
    """A bar with counts, time, rate and the objects in hand; what fails stays above it as a line."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.table import Column

    bar = Progress(
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[rate]}", markup=False),
        TextColumn("{task.fields[current]}", markup=False, style="dim", table_column=Column(no_wrap=True, ratio=1)),
        console=console,
        transient=True,
        expand=True,
        redirect_stdout=False,
    )
    task = bar.add_task("", total=total, rate="", current="")
    current: dict[str, None] = {}

    def listen(event: Event) -> None:
        if isinstance(event, Started):
            current[event.change.address] = None
        elif isinstance(event, Finished):
            current.pop(event.result.change.address, None)
            if event.result.status is Status.FAILED:
                print_lines([Line(_what(event.result), _how(event.result))], console)
            bar.update(task, completed=event.done, rate=_rate(event.done, bar.tasks[0].elapsed))
        bar.update(task, current=_named(current))

    with bar:
        yield listen


def _rate(done: int, seconds: float | None) -> str:
    return f"{done / seconds:.0f}/s" if seconds else ""


def _named(current: Mapping[str, None]) -> str:
    names = [visible(address) for address in current][:_SHOWN]
    return ", ".join(names) + (f" and {len(current) - _SHOWN} more" if len(current) > _SHOWN else "")
