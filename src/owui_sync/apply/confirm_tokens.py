"""Looks once more at objects whose marker could not be trusted yet when they were written.

Where the server counts whole seconds, a change by somebody else in the second of our write would not move the marker.
So that second is waited for, and the objects are read: if they are as we wrote them, the marker stands for that from
then on, and plans need not read them one by one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from owui_sync.client.errors import ClientError
from owui_sync.client.reader import Reader
from owui_sync.kinds import KINDS
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.observe.details import fetch_details
from owui_sync.plan.id_references import mark
from owui_sync.plan.types import InventoryEntry
from owui_sync.values import same

_LONGEST = 5.0
"""Seconds to wait at most; the markers only save requests."""


async def confirm(
    reader: Reader, records: Mapping[str, InventoryEntry], written: Mapping[str, ObservedResource], names: IdIndex
) -> dict[str, InventoryEntry]:
    """Return the records with the markers that can be trusted by now.

    Args:
        written: address -> the object as the server answered when it was written.

    Requests: one for each object that has a marker and could not be trusted; some two seconds once. A failure is none:
    the next plan reads what is left out here.
    """
    young = {address: live for address, live in written.items() if live.marker and not records[address].marker}
    if not young or not await _old_enough(reader, young):
        return dict(records)
    try:
        read = await fetch_details(reader, young.values(), names, {})
    except ClientError:
        return dict(records)
    sure = {
        address: replace(
            records[address], marker=mark(now.marker, now.kind, now.values, records[address].fields, names)
        )
        for (address, then), now in zip(young.items(), read, strict=True)
        if now.marker == then.marker and same(dict(now.values), dict(then.values))
    }
    return {**records, **sure}


async def _old_enough(reader: Reader, young: Mapping[str, ObservedResource]) -> bool:
    waited, pause = 0.0, 0.25
    while waited < _LONGEST:
        now = reader.server_time()
        if all(KINDS[live.kind].version_token.is_reliable(live.marker, now) for live in young.values()):
            return True
        await asyncio.sleep(pause)
        waited += pause
    return False
