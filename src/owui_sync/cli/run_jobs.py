"""`owui-sync run`."""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from owui_sync.cli.jobs_phase import JobsPhase, exit_code, junit_option, save_junit
from owui_sync.cli.manifest_options import read_manifests, reading_options
from owui_sync.cli.options import Command, ConnectionOptions, connection_options, current_output, output_options
from owui_sync.cli.planning import selected, server_for
from owui_sync.errors import UsageError
from owui_sync.report.out import say
from owui_sync.report.visible import dumps

if TYPE_CHECKING:
    from owui_sync.client.connect import Server
    from owui_sync.jobs.outcome import JobResult
    from owui_sync.manifest.desired import Desired
    from owui_sync.plan.types import Plan
    from owui_sync.resolve.select import Selection

_LIKE_A_PATH = re.compile(r"[/\\]|\.ya?ml$|^\.{1,2}$", re.IGNORECASE)
"""No job is called so."""
_STOPPING = "stopping after the steps in hand; the next run goes on there; press Ctrl-C again to stop at once"
_AT_ONCE = "stopped at once; the next run goes on where this one was"


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
@click.option(
    "--lock-timeout",
    type=click.FloatRange(min=0),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="Wait so long for another run of the same stack.",
)
@junit_option
@reading_options
@output_options("text", "json", "markdown")
@connection_options
@click.argument("words", metavar="JOB... [PATH]...", nargs=-1, required=True)
def command(
    words: tuple[str, ...],
    lock_timeout: float,
    junit: Path | None,
    format: str,
    connection: ConnectionOptions,
    **where: Any,
) -> int:
    """Run jobs now, whatever their `run` says.

    PATH is as for plan: a file or folder with manifests, after the jobs; -f names one that could be taken for a job.

    Jobs that they need and that have not succeeded yet run before them. A run that was interrupted, or that failed
    half-way, is gone on with: nothing that is answered is asked again. Any other begins anew, in a chat of its own.
    Nothing else of the manifests is applied.

    Exit codes: 0 done; 1 error; 3 done, but that could not be written down; 6 a job failed, or its answer is not as
    expected; 69 no connection; 75 locked by another run; 130 interrupted.
    """
    names, paths = told_apart(words)
    manifests = read_manifests(**{**where, "paths": (*where["paths"], *paths)})
    _check(names, manifests.desired)
    server = server_for(connection, manifests.target)
    start = time.perf_counter()
    selection = selected(manifests.target)
    plan, jobs, interrupted = asyncio.run(
        _run(manifests.desired, names, selection, server, lock_timeout, connection.parallelism)
    )
    _report(plan, jobs, format, time.perf_counter() - start)
    save_junit(junit, plan.stack, jobs)
    return 130 if interrupted else exit_code(jobs)


def told_apart(words: Sequence[str]) -> tuple[tuple[str, ...], tuple[Path, ...]]:
    """Jobs and paths. A word that only might be a path is one beside a word that is none: something is to be run."""
    likely = [_LIKE_A_PATH.search(word) is not None for word in words]
    if any(not like and not Path(word).exists() for word, like in zip(words, likely, strict=True)):
        likely = [like or Path(word).exists() for word, like in zip(words, likely, strict=True)]
    names = tuple(word for word, like in zip(words, likely, strict=True) if not like)
    if not names:
        raise UsageError("which job? there are only paths", hint="run it as `owui-sync run JOB PATH`")
    return names, tuple(Path(word) for word, like in zip(words, likely, strict=True) if like)


def _check(names: Sequence[str], desired: Desired) -> None:
    from owui_sync.manifest.schema.wording import did_you_mean, listed

    for name in names:
        if name not in desired.jobs:
            known = f"jobs: {listed(desired.jobs)}" if desired.jobs else "the manifests have no jobs"
            raise UsageError(f"there is no job `{name}`", hint=did_you_mean(name, desired.jobs) or known)


async def _run(
    desired: Desired,
    names: Sequence[str],
    selection: Selection,
    server: Server,
    patience: float,
    parallelism: int,
) -> tuple[Plan, tuple[JobResult, ...], bool]:
    from owui_sync.apply.lock import locked
    from owui_sync.apply.signals import end_on_signal, interrupted, stop_on_signal
    from owui_sync.client.connect import connect
    from owui_sync.pipeline import make_plan
    from owui_sync.plan.options import Options
    from owui_sync.report.errors import print_warnings

    output = current_output()
    with end_on_signal(lambda: _AT_ONCE):
        async with connect(server) as writer, locked(writer, desired.stack, patience, _tell) as lock:
            options = Options(selection, delete=False, asked=tuple(names), allow_lockout=True)
            plan, snapshot = await make_plan(desired, writer, options)
            warnings = (*map(str, desired.warnings), *plan.warnings, *_behind(plan))
            plan = replace(plan, changes=())
            print_warnings(warnings, sys.stderr, no_color=output.no_color, log_format=output.log_format)
            with interrupted(lambda: _AT_ONCE), stop_on_signal(lambda: _tell(_STOPPING)) as stopped:
                phase = JobsPhase(writer, parallelism, stopped, lock)
                jobs = await phase.run(plan, snapshot.names)
            return plan, jobs, stopped()


def _behind(plan: Plan) -> list[str]:
    """A warning that the jobs see another server than the manifests want."""
    count = len(plan.changes)
    many = "1 change is" if count == 1 else f"{count} changes are"
    return [f"the server is not as the manifests want it: {many} not applied"] if count else []


def _report(plan: Plan, jobs: Sequence[JobResult], format: str, seconds: float) -> None:
    from owui_sync.apply.outcome import Outcome
    from owui_sync.report.json import outcome_document
    from owui_sync.report.markdown import outcome_markdown
    from owui_sync.report.text import print_jobs

    outcome = Outcome(plan, (), plan.requests)
    if format == "json":
        say(dumps(outcome_document(outcome, jobs)))
    elif format == "markdown":
        say(outcome_markdown(outcome, seconds, jobs))
    else:
        print_jobs(jobs, sys.stdout, no_color=current_output().no_color)


def _tell(notice: str) -> None:
    if not current_output().quiet:
        say(notice, err=True)
