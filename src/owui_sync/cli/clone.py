"""`owui-sync clone`."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from owui_sync.cli.options import Command, completing, output_options, selection_options
from owui_sync.cli.reports import full_diff_option, report_option, show_unchanged_option
from owui_sync.cli.running import asking, carry_out, run_options
from owui_sync.cli.two_targets import TwoTargets, two_targets_options

if TYPE_CHECKING:
    from owui_sync.client.connect import Server
    from owui_sync.clone.copying import Copy, CopyRequest
    from owui_sync.report.reporters import Reporter


@click.command(cls=Command, name="clone")
@click.argument("source", metavar="TARGET", shell_complete=completing("targets"))
@click.option(
    "--to", "destination", required=True, metavar="TARGET", shell_complete=completing("targets"), help="Where to copy."
)
@click.option("--create-users", is_flag=True, help="Make missing accounts, with random passwords that nobody sees.")
@click.option("--delete", is_flag=True, help="Delete what only the destination has; never accounts.")
@click.option("--max-delete", metavar="N|N%", help="Refuse to delete more objects than this, as `apply` does.")
@click.option(
    "--allow-missing-secrets", is_flag=True, help="Leave out fields whose secret is not set, and list the secrets."
)
@click.option("--copy-secrets", is_flag=True, help="Take the secrets from the source: in memory, and never shown.")
@run_options
@output_options("text", "json", "markdown", "html")
@report_option
@show_unchanged_option
@full_diff_option
@selection_options
@two_targets_options
def command(
    source: str,
    destination: str,
    create_users: bool,
    delete: bool,
    max_delete: str | None,
    allow_missing_secrets: bool,
    copy_secrets: bool,
    yes: bool,
    lock_timeout: float,
    reporter: Reporter,
    only: tuple[str, ...],
    exclude: tuple[str, ...],
    targets: TwoTargets,
) -> int:
    """Copy one server to another, after a plan.

    Exports the first target with its files and applies that to the second, as stack `clone`. Nothing on the destination
    is deleted without --delete, and no account loses its role. Asks first; type the name of the destination if there
    is something on it. Without a terminal, --yes is required.

    Secrets of settings come from the environment, under the names that an export gives them; with --copy-secrets, all
    secrets, also those of valves, come from the source. What needs an account that is missing is left out and listed.
    Notes and folders are those of the token's account.

    Exit codes: as for apply; 5 also if both targets are one server.
    """
    from owui_sync.clone.copying import CopyRequest, check_addresses
    from owui_sync.plan.safety import Threshold
    from owui_sync.resolve.select import Selection
    from owui_sync.run.options import RunOptions
    from owui_sync.run.sources import ManifestSource

    ask = asking(yes)
    threshold = Threshold.parse(max_delete) if max_delete is not None else None
    servers = targets.server(source), targets.server(destination)
    check_addresses(servers[0].url, servers[1].url)
    request = CopyRequest(
        source, Selection.parse(only, exclude), delete, create_users, allow_missing_secrets, copy_secrets
    )
    with tempfile.TemporaryDirectory(prefix="owui-sync-clone-") as folder:
        copy = asyncio.run(_prepared(request, servers, Path(folder), reporter))
        reporter.warn(copy.warnings)
        if ask and not copy.into_empty:
            ask = _asking_for(destination)
        options = RunOptions(servers[1], lock_timeout, targets.connection.parallelism, ask)
        return carry_out(ManifestSource(copy.desired, copy.options, threshold), options, reporter)


async def _prepared(request: CopyRequest, servers: tuple[Server, Server], folder: Path, reporter: Reporter) -> Copy:
    from owui_sync.client.connect import connect_read_only
    from owui_sync.clone.copying import prepare_copy

    async with connect_read_only(servers[0]) as source, connect_read_only(servers[1]) as destination:
        with reporter.file_progress() as tell:
            return await prepare_copy(request, source, destination, folder, tell)


def _asking_for(name: str) -> Callable[[str], None]:
    """Return what asks for the name of a server that is not empty, and aborts on any other answer."""

    def ask(question: str) -> None:
        typed = click.prompt(f"{question} {name} is not empty: type its name to go on", err=True)
        if typed != name:
            raise click.Abort

    return ask
