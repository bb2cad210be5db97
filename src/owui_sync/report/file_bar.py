"""Shows how far files are: a bar on a terminal, a line every few seconds without one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from owui_sync.kinds.write import Progress
from owui_sync.report.console import console_for, is_terminal
from owui_sync.report.file_progress import FileProgress
from owui_sync.report.lines import Line, print_lines

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

FileListener = Callable[[str, Progress], None]
"""Takes the address of an object and how far its files are."""

_PAUSE = 5.0
"""Seconds between two lines about files."""


@contextmanager
def saving(stream: IO[str], quiet: bool = False, *, no_color: bool = False) -> Iterator[FileListener]:
    """Show how far files are while the `with` block runs and return the listener.

    Args:
        stream: where to, usually stderr.
        quiet: show nothing.
        no_color: never use colours.
    """
    console = console_for(stream, no_color=no_color)
    if quiet:
        yield lambda address, progress: None
    elif is_terminal(stream) and not console.is_dumb_terminal:
        with bars_on(console) as bars:
            yield FileBar(bars).take
    else:
        yield FileLines(console).take


def bars_on(console: Console) -> Bars:
    """Return room for bars, as wide as the terminal; each has the fields `count` and `more`."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.table import Column

    rest = Column(no_wrap=True, ratio=1, overflow="ellipsis")
    return Progress(
        BarColumn(bar_width=min(24, console.width // 5)),
        TextColumn("{task.fields[count]}", markup=False, table_column=Column(no_wrap=True)),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[more]}", markup=False, table_column=rest),
        console=console,
        transient=True,
        expand=True,
        redirect_stdout=False,
    )


@dataclass(slots=True)
class FileBar:
    """A bar for the files of all objects, there as soon as there are any."""

    bars: Bars
    files: FileProgress = field(default_factory=FileProgress)
    bar: TaskID | None = None

    def take(self, address: str, progress: Progress) -> None:
        """Draw how far the files of an object are."""
        files = self.files
        files.take(address, progress)
        if self.bar is None:
            self.bar = self.bars.add_task("", total=1.0, count="", more="")
        count = f"{files.done:,}/{files.total:,} files"
        self.bars.update(self.bar, completed=files.share, count=count, more=files.amounts)


@dataclass(slots=True)
class FileLines:
    """A line about the files of all objects every few seconds."""

    console: Console
    files: FileProgress = field(default_factory=FileProgress)
    said: float | None = None

    def take(self, address: str, progress: Progress) -> None:
        """Say how far the files of all objects are, if it is time to."""
        self.files.take(address, progress)
        now = self.files.now()
        if self.said is None:
            self.said = now
        elif now - self.said >= _PAUSE:
            self.said = now
            print_lines([Line((), ((self.files.words, "dim"),))], self.console)
