"""Progress of an apply on stderr: a live display on a terminal; without one a line for each finished change.

Files are counted together, in the display or by a line every few seconds; one that failed is named at once. What is
skipped is not progress: the summary says so in the end, once for each reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from owui_sync.apply.outcome import Event, Finished, Listener, Progressed, Result, Started, Status
from owui_sync.report.console import console_for, is_terminal
from owui_sync.report.file_bar import FileBar, FileLines, bars_on
from owui_sync.report.file_progress import file_words
from owui_sync.report.lines import Line, Span, print_lines
from owui_sync.report.outcome_lines import duration
from owui_sync.report.plan_lines import STYLES
from owui_sync.report.visible import visible
from owui_sync.wording import listed_briefly

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

_SHOWN = 4
"""So many of the objects that are being written are named."""
_FAILED = "failed"


@contextmanager
def progress(
    total: int,
    stream: IO[str],
    terminal: bool | None = None,
    quiet: bool = False,
    *,
    each_file: bool = False,
    no_color: bool = False,
) -> Iterator[Listener]:
    """Show progress while the `with` block runs and return the listener to hand to the apply.

    Args:
        total: how many changes there are.
        stream: where to, usually stderr.
        terminal: whether to draw a live display; None: when the stream is a terminal.
        quiet: show nothing.
        each_file: a line for each file, too.
        no_color: never use colours.
    """
    if quiet or total == 0:
        yield _nothing
        return
    console = console_for(stream, no_color=no_color)
    if terminal is None:
        terminal = is_terminal(stream) and not console.is_dumb_terminal
    if not terminal:
        yield _Lines(console, each_file).listen
        return
    with bars_on(console) as bars:
        yield _Live(bars, total, each_file).listen


def _nothing(event: Event) -> None:
    pass


@dataclass(slots=True)
class _Lines:
    """Progress line by line."""

    console: Console
    each_file: bool
    files: FileLines = field(init=False)

    def __post_init__(self) -> None:
        self.files = FileLines(self.console)

    def listen(self, event: Event) -> None:
        """Say what an event tells, if it is time to."""
        if isinstance(event, Progressed):
            if _is_named(event, self.each_file):
                print_lines([_file(event)], self.console)
            if not self.each_file:
                self.files.take(event.change.address, event.progress)
        elif isinstance(event, Finished) and event.result.status is not Status.SKIPPED:
            width = len(str(event.total))
            count: Span = (f"[{event.done:>{width}}/{event.total}] ", "dim")
            print_lines([Line((count, *_what(event.result)), _how(event.result))], self.console)


def _is_named(event: Progressed, each_file: bool) -> bool:
    return event.progress.file is not None and (each_file or event.progress.status == _FAILED)


def _file(event: Progressed) -> Line:
    style = "bold red" if event.progress.status == _FAILED else "dim"
    return Line(((f"{visible(event.change.address)}  ", ""),), ((file_words(event.progress), style),), 2)


def _what(result: Result) -> tuple[Span, ...]:
    change = result.change
    return (f"{change.action.symbol} ", STYLES[change.action]), (f"{visible(change.address)}  ", "")


def _how(result: Result) -> tuple[Span, ...]:
    if result.status is Status.DONE and not result.partial:
        return (("done ", "green"), (duration(result.seconds), "dim"))
    word = "incomplete" if result.partial else result.status.value
    return ((word, "bold red"), (f": {visible(result.error.detail)}" if result.error else "", ""))


@dataclass(slots=True)
class _Live:
    """A live display."""

    bars: Bars
    total: int
    each_file: bool
    done: int = 0
    current: dict[str, None] = field(default_factory=dict)
    files: FileBar = field(init=False)
    bar: TaskID = field(init=False)

    def __post_init__(self) -> None:
        self.bar = self.bars.add_task("", total=self.total, count="", more="")
        self.files = FileBar(self.bars)

    def listen(self, event: Event) -> None:
        """Draw what an event tells."""
        if isinstance(event, Progressed):
            if _is_named(event, self.each_file):
                print_lines([_file(event)], self.bars.console)
            self.files.take(event.change.address, event.progress)
        elif isinstance(event, Started):
            self.current[event.change.address] = None
        else:
            self.done = event.done
            self.current.pop(event.result.change.address, None)
            if event.result.status is Status.FAILED or event.result.partial:
                print_lines([Line(_what(event.result), _how(event.result))], self.bars.console)
        named = listed_briefly([visible(address) for address in self.current], _SHOWN)
        self.bars.update(self.bar, completed=self.done, count=f"{self.done:,}/{self.total:,}", more=named)
