"""`owui-sync schema`."""

from __future__ import annotations

import click

from owui_sync.cli.options import Command
from owui_sync.report.out import say


@click.command(cls=Command, name="schema")
@click.argument("document", type=click.Choice(("manifest", "plan", "config", "fleet")), default="manifest")
def command(document: str) -> None:
    """Print a JSON Schema.

    For manifests (default), for plans as `plan --format json` writes them, for owui-sync.yaml, or for
    fleet.yaml (with the reports of `fleet --format json` under `$defs`).
    """
    from owui_sync.manifest.schema.build import config_schema, manifest_schema, text_of

    if document == "plan":
        from owui_sync.report.schema import plan_schema

        schema = plan_schema()
    elif document == "fleet":
        from owui_sync.fleet.schema import published_schema

        schema = published_schema()
    else:
        schema = manifest_schema() if document == "manifest" else config_schema()
    say(text_of(schema))
