"""`owui-sync export`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from owui_sync.cli.manifest_options import chosen_target
from owui_sync.cli.options import (
    Command,
    ConnectionOptions,
    OutputPath,
    check_stack,
    connection_options,
    current_reporter,
    selection_options,
    target_options,
)
from owui_sync.cli.planning import server_for
from owui_sync.errors import OwuiSyncError
from owui_sync.report.out import say

if TYPE_CHECKING:
    from owui_sync.client.connect import Server
    from owui_sync.export.content import Content
    from owui_sync.resolve.select import Selection


@click.command(cls=Command, name="export")
@click.option(
    "-o",
    "--output",
    "folder",
    type=OutputPath(path_type=Path),
    default=Path(),
    metavar="DIR",
    help="Folder to write, new or empty; default: the current one.",
)
@click.option(
    "--stack",
    envvar="OWUI_STACK",
    show_envvar=True,
    metavar="NAME",
    callback=check_stack,
    help="Only what this stack owns; default: all.",
)
@click.option("--files", is_flag=True, help="Save the files of knowledge bases, too.")
@selection_options
@target_options
@connection_options
def command(
    folder: Path,
    stack: str | None,
    files: bool,
    only: tuple[str, ...],
    exclude: tuple[str, ...],
    target: str | None,
    config: Path | None,
    connection: ConnectionOptions,
) -> None:
    """Write manifests and files for the objects on a server.

    The folder gets one manifest for each section, with only what differs from the defaults. Long texts and pictures
    become files, ids become names, and secrets are left out. A plan of it on the same server changes nothing. With
    --files, the documents of each knowledge base are saved as well; without it, they stay unmanaged.
    """
    from owui_sync.export.folder import check_empty, secret_names, write
    from owui_sync.resolve.select import Selection

    check_empty(folder)
    selection = Selection.parse(only, exclude)
    server = server_for(connection, chosen_target(config, target))
    content, saved = asyncio.run(_read(server, selection, stack, folder, files=files))
    names = [name for items in content.items.values() for item in items for name in secret_names(item.fields)]
    needed = [f"set before a plan of it: {', '.join(names)}"] if names else []
    current_reporter().warn([*content.warnings, *needed])
    if not content.items and not content.rules:
        raise OwuiSyncError("there is nothing to export", hint="check the selection (--only, --exclude, --stack)")
    written = write(content, folder)
    say(f"{_counts(content)}; {len(written) + saved:,} files in {folder}")


async def _read(
    server: Server, selection: Selection, stack: str | None, folder: Path, *, files: bool
) -> tuple[Content, int]:
    """Return what is on the server, and how many of its files were saved in `folder`."""
    from owui_sync.client.connect import connect_read_only
    from owui_sync.export.content import chosen, content_of
    from owui_sync.export.download import save
    from owui_sync.export.read import read_for_export

    async with connect_read_only(server) as reader:
        snapshot = await read_for_export(reader, selection, stack)
        with current_reporter().file_progress() as tell:
            trees, saved = await save(reader, chosen(snapshot, selection, stack), folder, tell, everything=files)
        return content_of(snapshot, selection, stack, trees), saved


def _counts(content: Content) -> str:
    from owui_sync.kinds import KINDS

    counts = [f"{KINDS[kind].section} {len(items):,}" for kind, items in content.items.items()]
    return ", ".join([*counts, *([f"access_rules {len(content.rules):,}"] if content.rules else [])])
