"""`owui-sync init`."""

from __future__ import annotations

from pathlib import Path

import click

from owui_sync.cli.options import Command, OutputPath, current_settings
from owui_sync.report.out import say


@click.command(cls=Command, name="init")
@click.argument("folder", metavar="[DIR]", type=OutputPath(file_okay=False, path_type=Path), default=".")
@click.option(
    "--source",
    metavar="SOURCE",
    default="",
    help="What the workflow installs owui-sync from: the address of a wheel, git+https://..., or a path in DIR.",
)
def command(folder: Path, source: str) -> None:
    """Start a project: configuration, manifests, CI workflow, editor settings.

    Writes to DIR (default: the current folder). Existing files are kept; .gitignore gets a line. The stack is named
    after the git repository, or else after the folder. Without --source the workflow stops where it would install
    owui-sync, and says what to set.
    """
    from owui_sync.manifest.starter import WORKFLOW, check_source, create, place_of

    done = create(folder, check_source(source) if source else "")
    if current_settings().quiet:
        return
    for path, state in done:
        say(f"{state:8}  {path}")
    workflow = (folder / WORKFLOW).as_posix()
    say("\nNext: owui-sync validate, then set OWUI_URL and OWUI_TOKEN and run owui-sync plan.")
    if source and (workflow, "kept") in done:
        say(f"Set OWUI_SYNC_SOURCE in {workflow}: the file was there and stays as it is.")
    elif not source:
        say("The workflow installs nothing yet: set OWUI_SYNC_SOURCE in it to what pip installs owui-sync from.")
    if place_of(folder).below:
        say(f"Move {workflow} to {WORKFLOW} at the top of the repository: GitHub looks for it only there.")
