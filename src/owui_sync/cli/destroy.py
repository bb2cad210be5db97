"""`owui-sync destroy`: a plan without any manifests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from owui_sync.cli.manifest_options import chosen_target
from owui_sync.cli.options import (
    Command,
    ConnectionOptions,
    connection_options,
    output_options,
    selection_options,
    stack_option,
    target_options,
)
from owui_sync.cli.planning import selected, server_for
from owui_sync.cli.reports import full_diff_option, report_option
from owui_sync.cli.running import asking, carry_out, run_options

if TYPE_CHECKING:
    from owui_sync.report.reporters import Reporter


@click.command(cls=Command, name="destroy")
@run_options
@output_options("text", "json", "markdown", "html")
@report_option
@full_diff_option
@selection_options
@stack_option
@target_options
@connection_options
def command(
    yes: bool,
    lock_timeout: float,
    reporter: Reporter,
    only: tuple[str, ...],
    exclude: tuple[str, ...],
    stack: str | None,
    target: str | None,
    config: Path | None,
    connection: ConnectionOptions,
) -> int:
    """Delete everything that the stack owns.

    If the configuration has a selection (`only`, `exclude`), nothing outside of it is deleted. Users are released, not
    deleted; a provider's model keeps what others set on it. Shows the plan and asks on a terminal; without a
    terminal, --yes is required. Finally, the stack's inventory is deleted too.

    Exit codes: 0 done; 1 error; 3 some objects could not be deleted; 5 refused, because of `keep`; 69 no connection;
    75 locked by another run; 130 interrupted.
    """
    from owui_sync.run.options import RunOptions
    from owui_sync.run.sources import DestroySource

    chosen = chosen_target(config, target)
    name = stack or chosen.stack or "default"
    ask = asking(yes)
    source = DestroySource(name, selected(chosen, only, exclude))
    server = server_for(connection, chosen)
    run = RunOptions(server, lock_timeout, connection.parallelism, ask, question=f"Destroy stack {name}?")
    return carry_out(source, run, reporter)
