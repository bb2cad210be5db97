"""`owui-sync init`."""

from __future__ import annotations

from pathlib import Path

import click

from owui_sync.cli.options import Command, OutputPath
from owui_sync.report.out import say


@click.command(cls=Command, name="init")
@click.argument("folder", metavar="[DIR]", type=OutputPath(file_okay=False, path_type=Path), default=".")
def command(folder: Path) -> None:
    """Start a project: configuration, manifests, CI workflow, editor settings.

    Writes to DIR (default: the current folder). Existing files are kept; .gitignore gets a line. The stack is named
    after the git repository, or else after the folder.
    """
    from owui_sync.manifest.starter import create

    for path, state in create(folder):
        say(f"{state:8}  {path}")
    say("\nNext: owui-sync validate, then set OWUI_URL and OWUI_TOKEN and run owui-sync plan.")
