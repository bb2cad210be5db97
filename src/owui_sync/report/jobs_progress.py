"""Progress of jobs on stderr: a live line for each job on a terminal, a line for each step without one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from owui_sync.jobs.outcome import JobEvent, JobFinished, JobListener, JobStep
from owui_sync.report.console import console_for, is_terminal
from owui_sync.report.lines import Line, print_lines
from owui_sync.report.outcome_lines import duration
from owui_sync.report.pulse import SECONDS, pulse
from owui_sync.report.visible import visible
from owui_sync.wording import counted

if TYPE_CHECKING:
    from rich.console import Console


@contextmanager
def jobs_progress(
    stream: IO[str], terminal: bool | None = None, quiet: bool = False, *, no_color: bool = False
) -> Iterator[JobListener]:
    """Show progress while the `with` block runs and return the listener to hand to the jobs.

    Args:
        stream: where to, usually stderr.
        terminal: whether to draw a live display; None: when the stream is a terminal.
        quiet: show nothing.
        no_color: never use colours.
    """
    if quiet:
        yield lambda event: None
        return
    console = console_for(stream, no_color=no_color)
    if terminal is None:
        terminal = is_terminal(stream) and not console.is_dumb_terminal
    if not terminal:
        lines = _Lines(console)
        with pulse(lines.still):
            yield lines.listen
        return
    with _live(console) as listener:
        yield listener


@dataclass(slots=True)
class _Lines:
    """A line for each event, and one now and then for a job of which there is nothing new."""

    console: Console
    running: dict[str, tuple[JobStep, float]] = field(default_factory=dict)

    def listen(self, event: JobEvent) -> None:
        """Say what an event tells."""
        if isinstance(event, JobStep):
            self.running[event.name] = (event, time.monotonic())
        else:
            self.running.pop(event.result.name, None)
        _line(event, self.console)

    def still(self) -> None:
        """Say what is waited for."""
        for name, (step, since) in self.running.items():
            if (seconds := time.monotonic() - since) >= SECONDS:
                lead = (("> ", "magenta"), (f"job/{visible(name)}  ", ""))
                body = ((f"{_words(step)}, still waiting after {duration(seconds)}", "dim"),)
                print_lines([Line(lead, body)], self.console)


def _line(event: JobEvent, console: Console) -> None:
    if isinstance(event, JobStep):
        lead = (("> ", "magenta"), (f"job/{visible(event.name)}  ", ""))
        print_lines([Line(lead, ((_words(event), "dim"),))], console)
        return
    result = event.result
    style = "green" if result.error is None else "bold red"
    detail = f": {visible(result.error.detail)}" if result.error else ""
    lead = (("> ", "magenta"), (f"job/{visible(result.name)}  ", ""))
    body = ((f"{result.status.value} ", style), (duration(result.seconds), "dim"), (detail, ""))
    print_lines([Line(lead, body)], console)


def _words(step: JobStep) -> str:
    count = f"[{step.number}/{step.total}] " if step.total > 1 else ""
    tokens = f", {counted(step.tokens, 'token')}" if step.tokens else ""
    return f"{count}{visible(step.step)}{f', {visible(step.model)}' if step.model else ''}{tokens}"


@contextmanager
def _live(console: Console) -> Iterator[JobListener]:
    """Yield a line for each job in hand with its step, model, tokens and time; it goes when the job ends."""
    from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
    from rich.table import Column

    bar = Progress(
        SpinnerColumn(),
        TextColumn("job/{task.description}", markup=False),
        TimeElapsedColumn(),
        TextColumn("{task.fields[step]}", markup=False, style="dim", table_column=Column(no_wrap=True, ratio=1)),
        console=console,
        transient=True,
        expand=True,
        redirect_stdout=False,
    )
    tasks: dict[str, TaskID] = {}

    def listen(event: JobEvent) -> None:
        if isinstance(event, JobStep):
            if event.name not in tasks:
                tasks[event.name] = bar.add_task(visible(event.name), total=None, step="")
            bar.update(tasks[event.name], step=_words(event))
        elif isinstance(event, JobFinished) and event.result.name in tasks:
            bar.remove_task(tasks.pop(event.result.name))

    with bar:
        yield listen
