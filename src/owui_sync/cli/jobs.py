"""`owui-sync jobs`."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

import click

from owui_sync.cli.manifest_options import manifest_options, read_manifests
from owui_sync.cli.options import Command, ConnectionOptions, connection_options, current_output, output_options
from owui_sync.cli.planning import server_for
from owui_sync.report.out import say
from owui_sync.report.visible import dumps

if TYPE_CHECKING:
    from owui_sync.client.connect import Server
    from owui_sync.manifest.desired import Desired


@click.command(cls=Command, name="jobs")
@manifest_options
@output_options("text", "json")
@connection_options
def command(format: str, connection: ConnectionOptions, **where: Any) -> int:
    """List the jobs of the manifests with their last runs.

    Tells of each its state, when it ran, how long, tokens, the chat, and whether and why it is due. PATH is as for
    plan. It cannot write to the server.

    Exit codes: 0 done; 1 error; 69 no connection.
    """
    from owui_sync.report.text import print_known_jobs

    manifests = read_manifests(**where)
    jobs = asyncio.run(_known(manifests.desired, server_for(connection, manifests.target)))
    if format == "json":
        say(dumps({"format": 1, "stack": manifests.desired.stack, "jobs": jobs}))
    else:
        print_known_jobs(jobs, sys.stdout, no_color=current_output().no_color)
    return 0


async def _known(desired: Desired, server: Server) -> list[dict[str, Any]]:
    from owui_sync.client.connect import connect_read_only
    from owui_sync.jobs.known import known_jobs
    from owui_sync.report.jobs_document import known_job

    async with connect_read_only(server) as reader:
        return [known_job(*known, reader.url) for known in await known_jobs(desired, reader)]
