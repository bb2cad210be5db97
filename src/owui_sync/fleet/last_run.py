"""What a server itself knows of the last run on it: the inventory of the stack, and its lock."""

from __future__ import annotations

from datetime import UTC, datetime

from owui_sync.apply.lock import is_held, who
from owui_sync.client.capabilities import version_of
from owui_sync.client.reader import Reader
from owui_sync.observe.inventory import read_inventory, read_stacks
from owui_sync.values import Json


async def last_run(reader: Reader, stack: str) -> Json:
    """Return what is known of the last run of a stack that changed something. Some six requests.

    Returns:
        `at` (UTC, ISO 8601; None when the stack was never applied), `serial` of the
        inventory, `objects` that the stack owns, `jobs` (name -> state and time), `locked_by` (None when it is free),
        `warnings`.
    """
    await version_of(reader)
    stacks, disowned = await read_stacks(reader)
    files = stacks.get(stack, [])
    inventory, warnings = await read_inventory(reader, stack, files)
    newest = max(files, key=lambda row: row.get("created_at") or 0, default=None)
    written = newest.get("created_at") if newest else None
    at = datetime.fromtimestamp(written, UTC).isoformat(timespec="seconds") if written else None
    return {
        "at": at,
        "serial": inventory.serial,
        "objects": len(inventory.records),
        "jobs": {
            name: {"state": record.state.value, "finished_at": record.finished_at}
            for name, record in inventory.jobs.items()
        },
        "locked_by": await who(reader, stack) if await is_held(reader, stack) else None,
        "warnings": [*(file.words for file in disowned if file.stack == stack), *warnings],
    }
