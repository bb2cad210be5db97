"""Reads in full what a list told only in part."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from owui_sync.client.reader import Reader
from owui_sync.kinds import KINDS
from owui_sync.kinds.base import Live, Names
from owui_sync.plan.snapshot import Snapshot


async def complete(reader: Reader, snapshot: Snapshot, lives: Iterable[Live]) -> Snapshot:
    """The snapshot with these objects in full; requests as `Kind.whole` says.

    An object keeps its marker only where the same one will later prove that nothing changed.
    """
    read = await asyncio.gather(*(_whole(reader, live, snapshot.names) for live in lives))
    whole = {(live.kind, live.id): live for live in read}
    objects = {
        address: tuple(whole.get((live.kind, live.id), live) for live in some)
        for address, some in snapshot.objects.items()
    }
    return replace(snapshot, objects=objects)


async def _whole(reader: Reader, live: Live, names: Names) -> Live:
    kind = KINDS[live.kind]
    read = kind.live(await kind.whole(reader, live.row), names)
    return trusted(replace(read, key=live.key), reader)


def trusted(live: Live, reader: Reader) -> Live:
    """The object without its marker, unless that can be trusted."""
    return live if KINDS[live.kind].trusts(live.marker, reader.server_time()) else replace(live, marker="")
