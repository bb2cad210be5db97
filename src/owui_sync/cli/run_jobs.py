"""`owui-sync run`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from owui_sync.cli.manifest_options import read_manifests, reading_options
from owui_sync.cli.options import Command, ConnectionOptions, completing, connection_options, output_options
from owui_sync.cli.planning import selected, server_for
from owui_sync.cli.reports import junit_option, report_option
from owui_sync.cli.running import carry_out, lock_timeout_option
from owui_sync.errors import UsageError

if TYPE_CHECKING:
    from owui_sync.manifest.desired import Desired
    from owui_sync.report.reporters import Reporter

_LIKE_A_PATH = re.compile(r"[/\\]|\.ya?ml$|^\.{1,2}$", re.IGNORECASE)
"""No job has such a name."""


@click.command(cls=Command, name="run")
@click.option(
    "--manifest",
    "-f",
    "paths",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Manifests (files or folders), lowest layer first; repeatable. Default: the layers of ./owui-sync.yaml.",
)
@lock_timeout_option
@reading_options
@output_options("text", "json", "markdown", "html")
@report_option
@junit_option
@connection_options
@click.argument("words", metavar="JOB... [PATH]...", nargs=-1, required=True, shell_complete=completing("jobs"))
def command(
    words: tuple[str, ...],
    lock_timeout: float,
    reporter: Reporter,
    connection: ConnectionOptions,
    **where: Any,
) -> int:
    """Run jobs now, whatever their `run` says.

    PATH is as for plan: a file or folder with manifests, after the jobs; use -f for one that looks like a job's name.

    Jobs that they need and that have not succeeded yet run first. A run that was interrupted, or that failed halfway,
    is resumed: questions that were answered are not asked again. Any other job starts a new chat. Nothing else in the
    manifests is applied.

    Exit codes: 0 done; 1 error; 3 done, but the result could not be recorded; 6 a job failed, or its answer is not as
    expected; 69 no connection; 75 locked by another run; 130 interrupted.
    """
    from owui_sync.run.options import RunOptions
    from owui_sync.run.sources import JobsSource

    jobs, paths = split_words(words)
    manifests = read_manifests(**{**where, "paths": (*where["paths"], *paths)})
    _check(jobs, manifests.desired)
    source = JobsSource(manifests.desired, jobs, selected(manifests.target))
    run = RunOptions(server_for(connection, manifests.target), lock_timeout, connection.parallelism)
    return carry_out(source, run, reporter)


def split_words(words: Sequence[str]) -> tuple[tuple[str, ...], tuple[Path, ...]]:
    """Split words into jobs and paths.

    A word that is also the name of a file counts as a path only beside a word that is none: some job has to run.
    """
    likely = [_LIKE_A_PATH.search(word) is not None for word in words]
    if any(not like and not Path(word).exists() for word, like in zip(words, likely, strict=True)):
        likely = [like or Path(word).exists() for word, like in zip(words, likely, strict=True)]
    names = tuple(word for word, like in zip(words, likely, strict=True) if not like)
    if not names:
        raise UsageError("no job is given, only paths", hint="run it as `owui-sync run JOB PATH`")
    return names, tuple(Path(word) for word, like in zip(words, likely, strict=True) if like)


def _check(names: Sequence[str], desired: Desired) -> None:
    from owui_sync.manifest.schema.wording import listed
    from owui_sync.wording import did_you_mean

    for name in names:
        if name not in desired.jobs:
            known = f"jobs: {listed(desired.jobs)}" if desired.jobs else "the manifests define no jobs"
            raise UsageError(f"unknown job `{name}`", hint=did_you_mean(name, desired.jobs) or known)
