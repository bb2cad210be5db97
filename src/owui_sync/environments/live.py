"""An export of a live server as the manifests of a rehearsal. Only reads there."""

from __future__ import annotations

import asyncio
from pathlib import Path

from owui_sync.client.connect import Server, connect_read_only
from owui_sync.environments.stand_ins import placeholder
from owui_sync.errors import OwuiSyncError
from owui_sync.export.content import DEFAULT_STACK, Content, chosen, content_of, wanted
from owui_sync.export.download import save
from owui_sync.export.folder import write
from owui_sync.manifest.config import Target, load_config
from owui_sync.manifest.desired import Desired
from owui_sync.manifest.load import load
from owui_sync.observe import observe
from owui_sync.observe.details import complete
from owui_sync.resolve.select import Selection


def exported(
    server: Server, folder: Path, selection: Selection, *, files: bool
) -> tuple[Desired, Target, tuple[str, ...]]:
    """Write manifests for what is on a server, and read them; return what had to be left out, too.

    Args:
        server: the live server, which is only read.
        folder: an empty one, for the manifests and files.
        selection: what to export.
        files: with the documents of knowledge bases; without them those are empty.

    Raises:
        OwuiSyncError: the server cannot be read, or there is nothing on it.
    """
    content = asyncio.run(_read(server, folder, selection, files))
    if not content.items and not content.rules:
        raise OwuiSyncError("there is nothing on the server to rehearse with", hint="check --only and --exclude")
    write(content, folder)
    target = load_config(folder / "owui-sync.yaml").target(None)
    desired = load(target.require_layers(), root=target.root, stack=target.stack, secret=placeholder)
    return desired, target, content.warnings


async def _read(server: Server, folder: Path, selection: Selection, files: bool) -> Content:
    async with connect_read_only(server) as reader:
        snapshot = await observe(reader, DEFAULT_STACK, wanted(selection), lambda _: True)
        lives = chosen(snapshot, selection)
        snapshot = await complete(reader, snapshot, [live for live in lives if live.unknown], {})
        trees = None
        if files:
            trees, _ = await save(reader, chosen(snapshot, selection), folder, lambda *_: None)
        return content_of(snapshot, selection, None, trees)
