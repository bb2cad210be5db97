"""`owui-sync diff`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from owui_sync.cli.options import Command, completing, output_options, selection_options
from owui_sync.cli.reports import full_diff_option, report_option, show_unchanged_option
from owui_sync.cli.two_targets import TwoTargets, two_targets_options
from owui_sync.errors import UsageError

if TYPE_CHECKING:
    from owui_sync.plan.types import Plan
    from owui_sync.report.reporters import Reporter
    from owui_sync.resolve.select import Selection


@click.command(cls=Command, name="diff")
@click.argument("targets_named", metavar="TARGET TARGET", nargs=-1, shell_complete=completing("targets"))
@output_options("text", "json", "markdown", "html")
@report_option
@show_unchanged_option
@full_diff_option
@selection_options
@two_targets_options
def command(
    targets_named: tuple[str, ...],
    reporter: Reporter,
    only: tuple[str, ...],
    exclude: tuple[str, ...],
    targets: TwoTargets,
) -> int:
    """Show what differs between two servers.

    Reads two targets of the configuration and shows the plan that would make the second like the first: `+` is only on
    the first, `-` only on the second, `~` differs (second -> first). It cannot write to either server, and needs no
    secret but the tokens. Ids, owners and times are not compared. Notes and folders are those of the tokens' accounts.

    Exit codes: 0 nothing differs; 1 error; 2 something differs; 69 no connection.
    """
    from owui_sync.resolve.select import Selection

    if len(targets_named) != 2:
        raise UsageError(
            f"diff takes two targets of the configuration, not {len(targets_named)}",
            hint="`owui-sync plan` shows what differs between the manifests and the server",
        )
    plan = asyncio.run(_difference(targets_named, targets, Selection.parse(only, exclude)))
    reporter.show_plan(plan)
    reporter.warn(plan.warnings)
    return 0 if plan.empty else 2


async def _difference(names: tuple[str, ...], targets: TwoTargets, selection: Selection) -> Plan:
    from owui_sync.client.connect import connect_read_only
    from owui_sync.clone.reading import difference

    first, second = names
    servers = targets.server(first), targets.server(second)
    async with connect_read_only(servers[0]) as source, connect_read_only(servers[1]) as destination:
        return await difference((first, second), (source, destination), selection)
