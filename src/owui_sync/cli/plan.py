"""`owui-sync plan`."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from owui_sync.cli.manifest_options import manifest_options, read_manifests
from owui_sync.cli.options import (
    Command,
    ConnectionOptions,
    OutputPath,
    connection_options,
    output_options,
)
from owui_sync.cli.planning import Planning, planning_options, server_for
from owui_sync.cli.reports import full_diff_option, report_option, show_unchanged_option
from owui_sync.errors import UsageError
from owui_sync.report.visible import dumps

if TYPE_CHECKING:
    from owui_sync.client.connect import Server
    from owui_sync.manifest.desired import Desired
    from owui_sync.plan.options import Options
    from owui_sync.plan.safety import Threshold
    from owui_sync.plan.types import Plan
    from owui_sync.report.reporters import Reporter


@click.command(cls=Command, name="plan")
@manifest_options
@click.option(
    "--out", type=OutputPath(path_type=Path, dir_okay=False), help="Save the plan, for `owui-sync apply FILE`."
)
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 if there are changes.")
@click.option(
    "--drift-only", is_flag=True, help="Show only what was changed on the server; exit with 2 if anything was."
)
@output_options("text", "json", "markdown", "html")
@report_option
@show_unchanged_option
@full_diff_option
@planning_options
@connection_options
def command(
    out: Path | None,
    detailed_exitcode: bool,
    drift_only: bool,
    reporter: Reporter,
    connection: ConnectionOptions,
    planning: Planning,
    **where: Any,
) -> int:
    """Show what apply would change.

    Reads the manifests (files, or folders of *.yaml; without PATH, the layers of ./owui-sync.yaml) and the server, and
    shows what differs and why. It cannot write to the server.

    A plan that a rule of safety refuses is shown all the same, but not saved.

    Exit codes: 0 done; 1 error; 2 there are changes (only with --detailed-exitcode or --drift-only); 5 refused as
    unsafe; 69 no connection.
    """
    from owui_sync.manifest.fingerprint import identify
    from owui_sync.plan.refusals import RefusedPlan

    if out and drift_only:
        raise UsageError("--drift-only shows a part of the plan, which cannot be saved", hint="leave out --out")
    manifests = read_manifests(**where)
    options, threshold = planning.options(manifests.layers, manifests.target), planning.threshold
    options, refused = replace(options, drift_only=drift_only), None
    identity = identify(manifests.layers, where["paths"])
    try:
        plan = asyncio.run(_plan(manifests.desired, server_for(connection, manifests.target), options, threshold))
    except RefusedPlan as error:
        plan, refused = error.plan, error
    plan = replace(plan, manifests=identity)
    if out and not refused:
        _save(plan, out)
    reporter.show_plan(plan)
    reporter.warn((*map(str, manifests.desired.warnings), *plan.warnings))
    if refused:
        raise refused
    return 2 if (detailed_exitcode or drift_only) and not plan.empty else 0


async def _plan(desired: Desired, server: Server, options: Options, threshold: Threshold | None) -> Plan:
    from owui_sync.client.connect import connect_read_only
    from owui_sync.pipeline import make_plan

    async with connect_read_only(server) as reader:
        plan, _ = await make_plan(desired, reader, options, threshold)
        return plan


def _save(plan: Plan, out: Path) -> None:
    from owui_sync.errors import ManifestError, OwuiSyncError
    from owui_sync.inputs import write_output
    from owui_sync.plan.file.document import plan_document, unsavable

    if problems := unsavable(plan):
        raise ManifestError.of(problems)
    try:
        write_output(out, dumps(plan_document(plan)))
    except OSError as error:
        raise OwuiSyncError(f"the plan cannot be saved to {out}: {error.strerror}") from None
