"""Keeps the inventory on the server: the new file first, then the old ones go, so that a valid one is always there."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import replace

from owui_sync.client.api import files
from owui_sync.client.errors import NotFound
from owui_sync.client.writer import Writer
from owui_sync.plan.inventory import Inventory, file_name
from owui_sync.plan.types import JobRecord, Record


async def save(
    writer: Writer,
    inventory: Inventory,
    records: Mapping[str, Record],
    jobs: Mapping[str, JobRecord] | None = None,
) -> Inventory:
    """Writes `records` as the next inventory of the stack. One request, and one for each older file.

    Args:
        jobs: the last runs of jobs; None leaves them as they are.

    An upload that may have arrived or not does no harm: the highest serial wins, and the next write removes the rest.
    """
    new = replace(inventory, serial=inventory.serial + 1, records=dict(records), files=())
    new = new if jobs is None else replace(new, jobs=dict(jobs))
    name = file_name(inventory.stack)
    row = await files.upload(writer, name, new.to_json(), {"owui_sync": {"stack": new.stack, "serial": new.serial}})
    await asyncio.gather(*(_delete(writer, old) for old in inventory.files))
    return replace(new, files=(row["id"],))


async def _delete(writer: Writer, id: str) -> None:
    with contextlib.suppress(NotFound):
        await files.delete(writer, id)
