"""`owui-sync schema`."""

from __future__ import annotations

import click

from owui_sync.cli.options import Command
from owui_sync.report.out import say


@click.command(cls=Command, name="schema")
@click.argument("document", type=click.Choice(("manifest", "plan", "config")), default="manifest")
def command(document: str) -> None:
    """Print a JSON Schema.

    For manifests (default), for plans as `plan --format json` writes them, or for owui-sync.yaml.
    """
    from owui_sync.manifest.schema.build import config_schema, manifest_schema, text_of

    if document == "plan":
        from owui_sync.report.schema import plan_schema

        schema = plan_schema()
    else:
        schema = manifest_schema() if document == "manifest" else config_schema()
    say(text_of(schema))
