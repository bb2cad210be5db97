"""`owui-sync version`."""

from __future__ import annotations

import click

from owui_sync import __version__
from owui_sync.cli.options import Command
from owui_sync.report.out import say


@click.command(cls=Command, name="version")
@click.pass_context
def command(context: click.Context) -> None:
    """Print the version, as --version does."""
    say(f"{context.find_root().info_name} {__version__}")
