"""`owui-sync destroy`: a plan without any manifests, by the same way as every other plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from owui_sync.cli.apply import Run
from owui_sync.cli.manifest_options import chosen_target
from owui_sync.cli.options import (
    Command,
    ConnectionOptions,
    connection_options,
    output_options,
    run_options,
    selection_options,
    stack_option,
    target_options,
)
from owui_sync.cli.planning import selected, server_for

if TYPE_CHECKING:
    from owui_sync.client.writer import Writer


@click.command(cls=Command, name="destroy")
@run_options
@output_options("text", "json")
@selection_options
@stack_option
@target_options
@connection_options
def command(
    yes: bool,
    lock_timeout: float,
    format: str,
    only: tuple[str, ...],
    exclude: tuple[str, ...],
    stack: str | None,
    target: str | None,
    config: Path | None,
    connection: ConnectionOptions,
) -> int:
    """Delete everything that the stack owns.

    Where the configuration has a selection (`only`, `exclude`), nothing outside it. Users are released, not deleted; a
    provider's model keeps what others set on it. Shows the plan and asks on a terminal; without one it needs --yes. In
    the end the stack's inventory goes too.

    Exit codes: 0 done; 1 error; 3 some objects could not be deleted; 5 refused, because of `keep`; 69 no connection;
    75 locked by another run; 130 interrupted.
    """
    from owui_sync.manifest.desired import Desired
    from owui_sync.plan.options import Options
    from owui_sync.plan.safety import Threshold

    chosen = chosen_target(config, target)
    name = stack or chosen.stack or "default"
    run = Run(yes, lock_timeout, format, connection.parallelism, question=f"Destroy stack {name}?")
    options, everything = (
        Options(selected(chosen, only, exclude), orphaned=f"owned by stack {name}", claim=True),
        Threshold(100, percent=True),
    )

    async def finish(writer: Writer) -> None:
        await _forget(writer, name)

    return run.manifests(Desired(name, {}), server_for(connection, chosen), options, everything, finish)


async def _forget(writer: Writer, stack: str) -> None:
    """Removes the inventory of a stack that owns nothing any more; one that cannot be read stays."""
    from owui_sync.client.api import files
    from owui_sync.observe.inventory import read_inventory, read_stacks

    stacks, _ = await read_stacks(writer)
    inventory, damage = await read_inventory(writer, stack, stacks.get(stack, []))
    if not inventory.records and not damage:
        for id in inventory.files:
            await files.delete(writer, id)
