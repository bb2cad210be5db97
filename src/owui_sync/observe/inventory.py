"""Reads inventories from the server: this stack's, and those of other stacks when they may own what we want."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable

from owui_sync.client.api import files
from owui_sync.client.reader import Reader
from owui_sync.kinds.base import Row
from owui_sync.plan.inventory import Inventory, file_name, parse

_GLOB = file_name("*")


async def list_files(reader: Reader) -> dict[str, list[Row]]:
    """Stack -> the files that claim to be its inventory. One request."""
    stacks: dict[str, list[Row]] = defaultdict(list)
    prefix, suffix = _GLOB.split("*")
    for row in await files.search(reader, _GLOB):
        name = row["filename"]
        if name.startswith(prefix) and name.endswith(suffix):
            stacks[name[len(prefix) : -len(suffix)]].append(row)
    return dict(stacks)


async def read_inventory(reader: Reader, stack: str, rows: Iterable[Row]) -> tuple[Inventory, list[str]]:
    """The newest valid inventory among the files, and warnings. One request a file, and there is one as a rule.

    A file that is damaged is passed over: without an inventory objects are adopted again, and nothing is deleted.
    """
    warnings, found = [], [Inventory(stack)]
    ids = [row["id"] for row in rows]
    for id, content in zip(ids, await asyncio.gather(*(files.download(reader, id) for id in ids)), strict=True):
        try:
            found.append(parse(content, stack))
        except ValueError as error:
            warnings.append(f"inventory file {id} of stack {stack!r} cannot be used ({error}); it is passed over")
    newest = max(found, key=lambda inventory: inventory.serial)
    return Inventory(stack, newest.serial, newest.salt, newest.records, tuple(ids)), warnings
