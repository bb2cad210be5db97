"""`owui-sync apply`."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from owui_sync.cli.jobs_phase import JobsPhase, exit_code, junit_option, save_junit
from owui_sync.cli.manifest_options import chosen_target, manifest_options, read_manifests
from owui_sync.cli.options import (
    Command,
    ConnectionOptions,
    connection_options,
    current_output,
    output_options,
    run_options,
)
from owui_sync.cli.planning import Planning, planning_options, server_for
from owui_sync.cli.saved_plan import load_saved
from owui_sync.errors import NO_SERVER, OwuiSyncError, UsageError
from owui_sync.report.out import say
from owui_sync.report.visible import dumps

if TYPE_CHECKING:
    from owui_sync.apply.lock import Lock
    from owui_sync.apply.outcome import Outcome
    from owui_sync.client.connect import Server
    from owui_sync.client.writer import Writer
    from owui_sync.jobs.outcome import JobResult
    from owui_sync.manifest.desired import Desired
    from owui_sync.plan.options import Options
    from owui_sync.plan.safety import Threshold
    from owui_sync.plan.snapshot import Snapshot
    from owui_sync.plan.types import Plan


_STOPPING = "stopping: what is in flight is finished and recorded; press Ctrl-C again to stop at once"
_AT_ONCE = "stopped at once; the next apply takes over what was made"


class LockLost(OwuiSyncError):
    """The lock went to another run in the middle of this one."""

    exit_code = 3

    def __init__(self) -> None:
        super().__init__(
            "the lock of the stack was lost while changes were made, so no more were started",
            hint="see whether another run is going on; then plan again",
        )


@click.command(cls=Command, name="apply")
@manifest_options
@run_options
@click.option("--show-unchanged", is_flag=True, help="List what is as it should be, too.")
@click.option(
    "--expect-digest",
    metavar="SHA",
    help="Apply the saved plan with this digest and no other; it then needs no manifests beside it.",
)
@junit_option
@output_options("text", "json", "markdown")
@planning_options
@connection_options
def command(
    yes: bool,
    lock_timeout: float,
    show_unchanged: bool,
    expect_digest: str | None,
    junit: Path | None,
    format: str,
    connection: ConnectionOptions,
    planning: Planning,
    **where: Any,
) -> int:
    """Make the server match the manifests.

    PATH is as for plan, or one saved plan (FILE.json of `plan --out`), which is applied exactly as it was shown or not
    at all. Asks first on a terminal; without one it needs --yes.

    A saved plan with secrets or files is applied where the manifests are that it was made of, with the options that
    they are read with (--var, --target and so on); elsewhere it needs --expect-digest.

    Jobs that are due run once all changes are made.

    Exit codes: 0 done; 1 error; 3 some changes failed or were skipped, or what was done could not be written down;
    4 the saved plan is stale; 5 refused as unsafe; 6 a job failed, or its answer is not as expected; 69 no connection;
    75 locked by another run; 130 interrupted.
    """
    run = Run(
        yes,
        lock_timeout,
        format,
        connection.parallelism,
        show_unchanged=show_unchanged,
        claim=planning.claim_stack,
        junit=junit,
    )
    if saved := _saved(where["paths"], planning):
        plan = load_saved(saved, expect_digest, {**where, "paths": ()})
        return run.saved(plan, server_for(connection, chosen_target(where["config"], where["target"])))
    if expect_digest:
        raise UsageError("--expect-digest is for a saved plan")
    manifests = read_manifests(**where)
    options, threshold = planning.options(manifests.layers, manifests.target), planning.threshold
    return run.manifests(manifests.desired, server_for(connection, manifests.target), options, threshold)


def _saved(paths: Sequence[Path], planning: Planning) -> Path | None:
    """The saved plan that the arguments name. Options that only make a plan have no place beside it."""
    plans = [path for path in paths if path.suffix == ".json"]
    if not plans:
        return None
    if len(paths) > 1:
        raise UsageError("a saved plan is applied alone, without other paths")
    if planning.given:
        raise UsageError("a saved plan is applied as it was made: selection and planning options belong to `plan`")
    return plans[0]


@dataclass(slots=True)
class Run:
    """One run that changes a server, as the options want it.

    Args:
        yes: do not ask.
        patience: seconds to wait for another run of the same stack.
        format: what stdout gets.
        parallelism: changes at a time.
        show_unchanged: list what is as it should be, too.
        claim: the manifests may name none of the objects that the stack owns.
        question: what a person is asked on a terminal.
        junit: where the verdicts of jobs go as JUnit XML, or None.
        begun: whether something may have been changed.

    Raises:
        UsageError: it would have to ask, and there is no terminal.
    """

    yes: bool
    patience: float
    format: str
    parallelism: int
    show_unchanged: bool = False
    claim: bool = False
    question: str = "Apply this plan?"
    junit: Path | None = None
    begun: bool = False

    def __post_init__(self) -> None:
        if not self.yes and not sys.stdin.isatty():
            raise UsageError("there is no terminal to ask on before anything is changed", hint="pass --yes")

    def manifests(
        self,
        desired: Desired,
        server: Server,
        options: Options,
        threshold: Threshold | None,
        finish: Callable[[Writer], Awaitable[None]] | None = None,
    ) -> int:
        """Plans and applies under one lock; `finish` is what comes last when every change was made. The exit code."""

        async def prepare(writer: Writer) -> tuple[Plan, Snapshot]:
            from owui_sync.pipeline import make_plan

            return await make_plan(desired, writer, options, threshold)

        return self._run(server, desired.stack, prepare, desired.warnings, finish)

    def saved(self, plan: Plan, server: Server) -> int:
        """Applies a saved plan, if the server is still as it was. The exit code."""

        async def prepare(writer: Writer) -> tuple[Plan, Snapshot]:
            from owui_sync.pipeline import check_plan

            return plan, await check_plan(plan, writer)

        return self._run(server, plan.stack, prepare)

    def _run(
        self,
        server: Server,
        stack: str,
        prepare: Callable[[Writer], Awaitable[tuple[Plan, Snapshot]]],
        warnings: Sequence[object] = (),
        finish: Callable[[Writer], Awaitable[None]] | None = None,
    ) -> int:
        """Everything under the lock of the stack. Raises Interrupted when the user stopped it before its end."""
        from owui_sync.apply.lock import locked, taken
        from owui_sync.apply.signals import end_on_signal
        from owui_sync.client.connect import connect
        from owui_sync.pipeline import check_plan

        async def run() -> int:
            with end_on_signal(lambda: _AT_ONCE if self.begun else "interrupted; nothing was changed"):
                async with connect(server) as writer, locked(writer, stack, self.patience, _tell) as lock:
                    plan, snapshot = await prepare(writer)
                    self._show(plan, tuple(map(str, warnings)))
                    self._check_claim(plan)
                    if self._asks(plan):
                        # The person took their time, in which nothing was renewed; what they saw must still be so.
                        if not await lock.held():
                            raise taken(stack, "nothing was changed")
                        snapshot = await check_plan(plan, writer)
                    code = await self._apply(plan, snapshot, writer, lock)
                    if finish and code == 0:
                        await finish(writer)
                    return code

        try:
            return asyncio.run(run())
        except OwuiSyncError as error:
            if self.begun and error.exit_code == NO_SERVER:
                error.exit_code = OwuiSyncError.exit_code  # That code promises that nothing was changed.
            raise

    def _show(self, plan: Plan, warnings: Sequence[str]) -> None:
        from owui_sync.report.errors import print_warnings
        from owui_sync.report.text import print_plan

        output = current_output()
        stream = sys.stdout if self.format == "text" else sys.stderr
        if self.format == "text" or not self.yes:
            print_plan(plan, stream, no_color=output.no_color, show_unchanged=self.show_unchanged)
        print_warnings((*warnings, *plan.warnings), sys.stderr, no_color=output.no_color, log_format=output.log_format)
        stream.flush()

    def _check_claim(self, plan: Plan) -> None:
        """Asks whether the stack of another project is meant. Aborts on a no; raises Refused where nobody is asked."""
        from owui_sync.apply.signals import at_question
        from owui_sync.plan.claims import check_claim, foreign_words

        if self.claim or not (plan.claims and plan.changes):
            return
        if self.yes:
            check_claim(plan)
        with at_question():
            click.confirm(f"{foreign_words(plan.stack, plan.owned)}. Go on?", abort=True, err=True)

    def _asks(self, plan: Plan) -> bool:
        """Asks where that is wanted; whether it did. Aborts on a no."""
        from owui_sync.apply.signals import at_question

        if self.yes or plan.empty:
            return False
        with at_question():
            click.confirm(self.question, abort=True, err=True)
        return True

    async def _apply(self, plan: Plan, snapshot: Snapshot, writer: Writer, lock: Lock) -> int:
        from owui_sync.apply.signals import interrupted, stop_on_signal
        from owui_sync.pipeline import apply_plan
        from owui_sync.report.progress import progress

        output, start = current_output(), time.perf_counter()
        self.begun = True
        with (
            interrupted(lambda: _AT_ONCE),
            progress(
                len(plan.changes),
                sys.stderr,
                quiet=not output.progress,
                each_file=output.verbosity > 0,
                no_color=output.no_color,
            ) as listen,
            stop_on_signal(lambda: _tell(_STOPPING)) as stopped,
        ):
            outcome = await apply_plan(
                plan,
                snapshot,
                writer,
                parallelism=self.parallelism,
                listen=listen,
                stopped=stopped,
                lost=lambda: lock.lost,
                held=lock.held,
            )
            seconds = time.perf_counter() - start
            hold = stopped() or not outcome.complete
            jobs = await JobsPhase(writer, self.parallelism, stopped, lock).run(plan, snapshot.names, skip=hold)
        self._report(outcome, jobs, seconds)
        if lock.lost:
            raise LockLost()
        if stopped():
            return 130
        return exit_code(jobs) if outcome.complete else 3

    def _report(self, outcome: Outcome, jobs: Sequence[JobResult], seconds: float) -> None:
        from owui_sync.report.json import outcome_document
        from owui_sync.report.markdown import outcome_markdown
        from owui_sync.report.text import print_jobs, print_outcome

        if self.format == "json":
            say(dumps(outcome_document(outcome, jobs)))
        elif self.format == "markdown":
            say(outcome_markdown(outcome, seconds, jobs))
        elif outcome.plan.changes:
            print_outcome(outcome, seconds, sys.stdout, no_color=current_output().no_color)
        if self.format == "text":
            print_jobs(jobs, sys.stdout, no_color=current_output().no_color)
        save_junit(self.junit, outcome.plan.stack, jobs)


def _tell(notice: str) -> None:
    if not current_output().quiet:
        say(notice, err=True)
