"""`owui-sync graph`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

from owui_sync.cli.manifest_options import manifest_options, read_manifests
from owui_sync.cli.options import Command, ConnectionOptions, connection_options, current_reporter, format_option
from owui_sync.cli.planning import server_for
from owui_sync.report.out import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from owui_sync.client.connect import Server
    from owui_sync.manifest.desired import Desired, Entry
    from owui_sync.plan.types import Plan


@click.command(cls=Command, name="graph")
@manifest_options
@click.option("--plan", "planned", is_flag=True, help="Colour each object by what apply would do; needs a server.")
@format_option("mermaid", "dot")
@connection_options
def command(planned: bool, format: str, connection: ConnectionOptions, **where: Any) -> None:
    """Draw how the objects in the manifests depend on each other.

    Prints text for Mermaid (GitHub and GitLab draw it) or for Graphviz (`| dot -Tsvg`). An arrow points to what an
    object needs; objects that the manifests name but do not define are dashed.
    """
    from owui_sync.report.graph import WRITERS, picture

    manifests = read_manifests(**where, allow_missing_secrets=not planned)
    entries, plan = manifests.desired.entries, None
    if planned:
        entries, plan = asyncio.run(_plan(manifests.desired, server_for(connection, manifests.target)))
    say(WRITERS[format](picture(entries, plan)))
    current_reporter().warn((*map(str, manifests.desired.warnings), *(plan.warnings if plan else ())))


async def _plan(desired: Desired, server: Server) -> tuple[Mapping[str, Entry], Plan]:
    """Return the entries with `access_rules` worked in, and the plan, whatever it deletes: nobody applies it."""
    from owui_sync.client.connect import connect_read_only
    from owui_sync.pipeline import make_plan
    from owui_sync.plan.options import Options
    from owui_sync.plan.rules import expand_access_rules
    from owui_sync.plan.safety import Threshold

    async with connect_read_only(server) as reader:
        plan, snapshot = await make_plan(desired, reader, Options(allow_lockout=True), Threshold(100, percent=True))
        return expand_access_rules(desired, snapshot), plan
