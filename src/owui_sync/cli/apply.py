"""`owui-sync apply`."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from owui_sync.cli.manifest_options import chosen_target, manifest_options, read_manifests
from owui_sync.cli.options import (
    Command,
    Connection,
    connection_options,
    current_output,
    output_options,
    selection_options,
)
from owui_sync.cli.planning import planning, planning_options, server_for
from owui_sync.errors import OwuiSyncError, UsageError

if TYPE_CHECKING:
    from owui_sync.apply.outcome import Outcome
    from owui_sync.client.connect import Server
    from owui_sync.client.writer import Writer
    from owui_sync.manifest.desired import Desired
    from owui_sync.plan.planner import Options
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
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option(
    "--lock-timeout",
    type=click.FloatRange(min=0),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="Wait so long for another run of the same stack.",
)
@click.option("--show-unchanged", is_flag=True, help="List what is as it should be, too.")
@output_options("text", "json", "markdown")
@planning_options
@selection_options
@connection_options
def command(
    yes: bool,
    lock_timeout: float,
    show_unchanged: bool,
    format: str,
    connection: Connection,
    only: tuple[str, ...],
    exclude: tuple[str, ...],
    take_over: bool,
    no_delete: bool,
    max_delete: str | None,
    message: str | None,
    **where: Any,
) -> int:
    """Make the server match the manifests.

    PATH is as for plan, or one saved plan (FILE.json of `plan --out`), which is applied exactly as it was shown or not
    at all. Asks first on a terminal; without one it needs --yes.

    Exit codes: 0 done; 1 error; 3 some changes failed or were skipped; 4 the saved plan is stale; 5 refused as unsafe;
    75 locked by another run; 130 interrupted.
    """
    if not yes and not sys.stdin.isatty():
        raise UsageError("apply asks before it changes anything, and there is no terminal", hint="pass --yes")
    paths: Sequence[Path] = where["paths"]
    saved = _saved(paths, only, exclude, take_over, no_delete, max_delete, message)
    run = Run(yes, lock_timeout, show_unchanged, format, connection.parallelism)
    if saved:
        plan = _load(saved)
        server = server_for(connection, chosen_target(where["config"], where["target"]))
        return run.through(run.saved(plan, server))
    manifests = read_manifests(**where)
    options, threshold = planning(manifests, only, exclude, take_over, no_delete, max_delete, message)
    server = server_for(connection, manifests.target)
    return run.through(run.manifests(manifests.desired, server, options, threshold))


def _saved(paths: Sequence[Path], *planning: object) -> Path | None:
    """The saved plan that the arguments name. Options that only make a plan have no place beside it."""
    plans = [path for path in paths if path.suffix == ".json"]
    if not plans:
        return None
    if len(paths) > 1:
        raise UsageError("a saved plan is applied alone, without other paths")
    if any(planning):
        raise UsageError("a saved plan is applied as it was made: selection and planning options belong to `plan`")
    return plans[0]


def _load(path: Path) -> Plan:
    import json

    from owui_sync.manifest.sources import plan_sources
    from owui_sync.report.json import load_plan

    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise OwuiSyncError(f"the plan {path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise OwuiSyncError(f"{path} is not a saved plan: it is not JSON ({error})") from None
    return load_plan(document, plan_sources())


@dataclass(slots=True)
class Run:
    """One apply, as the options want it.

    Args:
        yes: do not ask.
        patience: seconds to wait for another run of the same stack.
        show_unchanged: list what is as it should be, too.
        format: what stdout gets.
        parallelism: changes at a time.
        question: what a person is asked on a terminal.
        begun: whether something may have been changed.
    """

    yes: bool
    patience: float
    show_unchanged: bool
    format: str
    parallelism: int
    question: str = "Apply this plan?"
    begun: bool = False

    def through(self, work: Coroutine[Any, Any, int]) -> int:
        """Runs `manifests` or `saved` to its exit code. Raises Interrupted when the user stopped it before its end."""
        from owui_sync.apply.stop import end_on_signal

        async def run() -> int:
            with end_on_signal(lambda: _AT_ONCE if self.begun else "interrupted; nothing was changed"):
                return await work

        return asyncio.run(run())

    async def manifests(
        self,
        desired: Desired,
        server: Server,
        options: Options,
        threshold: Threshold | None,
        finish: Callable[[Writer], Awaitable[None]] | None = None,
    ) -> int:
        """Plans and applies under one lock; `finish` is what comes last when every change was made."""
        from owui_sync.apply.lock import locked
        from owui_sync.client.connect import connect
        from owui_sync.pipeline import check_plan, make_plan

        async with connect(server) as writer, locked(writer, desired.stack, self.patience, _tell) as lock:
            plan, snapshot = await make_plan(desired, writer, options, threshold)
            self._show(plan, tuple(map(str, desired.warnings)))
            if self._asks(plan):
                # The person took their time; what they saw must still be so.
                snapshot = await check_plan(plan, writer)
            code = await self._apply(plan, snapshot, writer, lambda: lock.lost)
            if finish and code == 0:
                await finish(writer)
            return code

    async def saved(self, plan: Plan, server: Server) -> int:
        """Applies a saved plan, if the server is still as it was."""
        from owui_sync.apply.lock import locked
        from owui_sync.client.connect import connect
        from owui_sync.pipeline import check_plan

        async with connect(server) as writer, locked(writer, plan.stack, self.patience, _tell) as lock:
            snapshot = await check_plan(plan, writer)
            self._show(plan, ())
            if self._asks(plan):
                snapshot = await check_plan(plan, writer)
            return await self._apply(plan, snapshot, writer, lambda: lock.lost)

    def _show(self, plan: Plan, warnings: Sequence[str]) -> None:
        from owui_sync.report.errors import print_warnings
        from owui_sync.report.text import print_plan

        output = current_output()
        stream = sys.stdout if self.format == "text" else sys.stderr
        if self.format == "text" or not self.yes:
            print_plan(plan, stream, no_color=output.no_color, show_unchanged=self.show_unchanged)
        print_warnings((*warnings, *plan.warnings), sys.stderr, no_color=output.no_color, log_format=output.log_format)
        stream.flush()

    def _asks(self, plan: Plan) -> bool:
        """Asks where that is wanted; whether it did. Aborts on a no."""
        from owui_sync.apply.stop import at_question

        if self.yes or plan.empty:
            return False
        with at_question():
            click.confirm(self.question, abort=True, err=True)
        return True

    async def _apply(self, plan: Plan, snapshot: Snapshot, writer: Writer, lost: Any) -> int:
        from owui_sync.apply.stop import interrupted, stop_on_signal
        from owui_sync.pipeline import apply_plan
        from owui_sync.report.progress import progress

        output, start = current_output(), time.perf_counter()
        self.begun = True
        with (
            interrupted(lambda: _AT_ONCE),
            progress(
                len(plan.changes), sys.stderr, quiet=not output.progress or plan.empty, no_color=output.no_color
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
                lost=lost,
            )
        self._report(outcome, time.perf_counter() - start)
        if lost():
            raise LockLost()
        if outcome.complete:
            return 0
        return 130 if stopped() else 3

    def _report(self, outcome: Outcome, seconds: float) -> None:
        from owui_sync.report.json import dumps, outcome_document
        from owui_sync.report.markdown import outcome_markdown
        from owui_sync.report.text import print_outcome

        if self.format == "json":
            click.echo(dumps(outcome_document(outcome)), nl=False)
        elif self.format == "markdown":
            click.echo(outcome_markdown(outcome, seconds), nl=False)
        elif not outcome.plan.empty:
            print_outcome(outcome, seconds, sys.stdout, no_color=current_output().no_color)


def _tell(notice: str) -> None:
    if not current_output().quiet:
        click.echo(notice, err=True)
