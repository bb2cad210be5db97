"""Keeps the inventory on the server: the new file first, then the old ones go, so that a valid one is always there."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping

from owui_sync.client.api import files
from owui_sync.client.errors import (
    ClientError,
    MissingRoute,
    NotFound,
    NotJson,
    ServerError,
    Uncertain,
    UnknownAnswer,
)
from owui_sync.client.writer import Writer
from owui_sync.plan.inventory import Inventory, file_name
from owui_sync.plan.types import InventoryEntry, JobRecord

_TRIES = 3
_PAUSE = 0.5
"""Seconds before an upload is tried again; then twice as many."""


async def save(
    writer: Writer,
    inventory: Inventory,
    records: Mapping[str, InventoryEntry],
    jobs: Mapping[str, JobRecord] | None = None,
) -> Inventory:
    """Write `records` as the next inventory of the stack. One request, and one for each older file.

    Args:
        jobs: the last runs of jobs; None leaves them as they are.

    An older file that cannot be deleted does no harm: the newer one knows all that it says, and the next write deletes
    it.
    """
    new = inventory.next(records, inventory.jobs if jobs is None else jobs)
    id = await _stored(writer, new)
    left = await asyncio.gather(*(_left(writer, old) for old in inventory.files))
    return new.stored_in(id, *filter(None, left))


async def _stored(writer: Writer, inventory: Inventory) -> str:
    """Send the file again where it is not certain that the server has it, and return its id.

    Twice is as good as once.
    """
    name, failure = file_name(inventory.stack), None
    mark = {"stack": inventory.stack, "serial": inventory.serial, "write": inventory.lineage[0]}
    for number in range(_TRIES):
        await asyncio.sleep(number * _PAUSE)
        try:
            return str((await files.upload(writer, name, inventory.to_json(), {"owui_sync": mark}))["id"])
        except (MissingRoute, NotJson, ServerError, Uncertain, UnknownAnswer) as error:
            failure = error
        try:
            found = [row["id"] for row in await files.search(writer, name) if _mark(row) == mark]
        except ClientError:
            break
        if found:
            return str(found[0])
    assert failure is not None
    raise failure


def _mark(row: Mapping[str, object]) -> object:
    meta = row.get("meta")
    data = meta.get("data") if isinstance(meta, dict) else None
    return data.get("owui_sync") if isinstance(data, dict) else None


async def _left(writer: Writer, id: str) -> str | None:
    """Delete an older file; return its id when that cannot be done now."""
    try:
        with contextlib.suppress(NotFound):
            await files.delete(writer, id)
    except ClientError:
        return id
    return None
