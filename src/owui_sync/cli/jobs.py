"""`owui-sync jobs`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

from owui_sync.cli.manifest_options import manifest_options, read_manifests
from owui_sync.cli.options import Command, ConnectionOptions, connection_options, output_options
from owui_sync.cli.planning import server_for

if TYPE_CHECKING:
    from owui_sync.client.connect import Server
    from owui_sync.manifest.desired import Desired
    from owui_sync.report.reporters import Reporter


@click.command(cls=Command, name="jobs")
@manifest_options
@output_options("text", "json")
@connection_options
def command(reporter: Reporter, connection: ConnectionOptions, **where: Any) -> int:
    """List the jobs of the manifests with their last runs.

    Shows the state of each, when and how long it ran, its tokens, its chat, and whether and why it is due. PATH is as
    for plan. This command cannot write to the server.

    Exit codes: 0 done; 1 error; 69 no connection.
    """
    from owui_sync.report.jobs_lines import known_lines

    manifests = read_manifests(**where)
    jobs = asyncio.run(_known(manifests.desired, server_for(connection, manifests.target)))
    document = {"format": 1, "stack": manifests.desired.stack, "jobs": jobs}
    reporter.show_document(document, list(known_lines(jobs)))
    return 0


async def _known(desired: Desired, server: Server) -> list[dict[str, Any]]:
    from owui_sync.client.connect import connect_read_only
    from owui_sync.jobs.known import known_jobs
    from owui_sync.report.known_job import known_job

    async with connect_read_only(server) as reader:
        return [known_job(*known, reader.url) for known in await known_jobs(desired, reader)]
