"""`owui-sync apply`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from owui_sync.cli.manifest_options import chosen_target, manifest_options, read_manifests
from owui_sync.cli.options import (
    Command,
    ConnectionOptions,
    connection_options,
    output_options,
)
from owui_sync.cli.planning import Planning, planning_options, server_for
from owui_sync.cli.reports import full_diff_option, junit_option, report_option, show_unchanged_option
from owui_sync.cli.running import asking, carry_out, run_options
from owui_sync.cli.saved_plan import load_saved
from owui_sync.errors import UsageError

if TYPE_CHECKING:
    from owui_sync.report.reporters import Reporter
    from owui_sync.run.interfaces import PlanSource


@click.command(cls=Command, name="apply")
@manifest_options
@run_options
@click.option(
    "--expect-digest",
    metavar="SHA",
    help="Apply only the plan with this digest, or only an `empty` one; a saved plan then needs no manifests.",
)
@output_options("text", "json", "markdown", "html")
@report_option
@junit_option
@show_unchanged_option
@full_diff_option
@planning_options
@connection_options
def command(
    yes: bool,
    lock_timeout: float,
    expect_digest: str | None,
    reporter: Reporter,
    connection: ConnectionOptions,
    planning: Planning,
    **where: Any,
) -> int:
    """Make the server match the manifests.

    PATH is as for plan, or one saved plan (FILE.json of `plan --out`), which is applied exactly as it was shown or not
    at all. Asks first on a terminal; without a terminal, --yes is required.

    A saved plan that uses secrets or files must be applied next to its manifests, with the same --var, --target and
    so on; elsewhere it needs --expect-digest.

    Jobs that are due run after all changes are made.

    Exit codes: 0 done; 1 error; 3 some changes failed or were skipped, or the result could not be recorded; 4 the
    saved plan is stale, or the plan has another digest; 5 refused as unsafe; 6 a job failed, or its answer is not as
    expected; 69 no connection; 75 locked by another run; 130 interrupted.
    """
    from owui_sync.run.options import RunOptions
    from owui_sync.run.sources import FileSource, ManifestSource

    ask = asking(yes)
    source: PlanSource
    if saved := _saved(where["paths"], planning):
        source = FileSource(load_saved(saved, expect_digest, {**where, "paths": ()}))
        target = chosen_target(where["config"], where["target"])
        expect_digest = None
    else:
        manifests = read_manifests(**where)
        target = manifests.target
        options = planning.options(manifests.layers, target)
        source = ManifestSource(manifests.desired, options, planning.threshold)
    server = server_for(connection, target)
    run = RunOptions(
        server,
        lock_timeout,
        connection.parallelism,
        ask,
        claim_stack=planning.claim_stack,
        expect_digest=expect_digest,
    )
    return carry_out(source, run, reporter)


def _saved(paths: Sequence[Path], planning: Planning) -> Path | None:
    """Return the saved plan that the arguments name. Raises UsageError for options that belong to `plan`."""
    plans = [path for path in paths if path.suffix == ".json"]
    if not plans:
        return None
    if len(paths) > 1:
        raise UsageError("a saved plan cannot be combined with other paths")
    if planning.given:
        raise UsageError("a saved plan cannot be changed: pass options for selection and planning to `plan`")
    return plans[0]
