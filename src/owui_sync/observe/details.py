"""Reads in full what a list told only in part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from owui_sync.client.concurrency import each
from owui_sync.client.reader import Reader
from owui_sync.kinds import KINDS
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.plan.snapshot import Snapshot

_AT_A_TIME = 8


Wanted = Mapping[str, Mapping[str, Any]]
"""Address on the server -> what the object is to be, by path."""


async def complete(reader: Reader, snapshot: Snapshot, lives: Iterable[ObservedResource], wanted: Wanted) -> Snapshot:
    """Return the snapshot with these objects in full; requests as `Kind.whole` says.

    An object keeps its marker only where the same one will later prove that nothing changed.
    """
    read = await fetch_details(reader, lives, snapshot.names, wanted)
    whole = {(live.kind, live.id): live for live in read}
    objects = {
        address: tuple(whole.get((live.kind, live.id), live) for live in some)
        for address, some in snapshot.objects.items()
    }
    return replace(snapshot, objects=objects)


async def fetch_details(
    reader: Reader, lives: Iterable[ObservedResource], names: IdIndex, wanted: Wanted
) -> list[ObservedResource]:
    """Return the same objects in full, as they are now. Raises NotFound when one is gone."""

    async def read(live: ObservedResource) -> ObservedResource:
        kind = KINDS[live.kind]
        whole = kind.live(await kind.whole(reader, live.row, wanted.get(live.address, {})), names)
        return with_reliable_token(replace(whole, key=live.key), reader)

    return await each(read, lives, _AT_A_TIME)


def with_reliable_token(live: ObservedResource, reader: Reader) -> ObservedResource:
    """Return the object without its marker, unless that can be trusted."""
    reliable = KINDS[live.kind].version_token.is_reliable(live.marker, reader.server_time())
    return live if reliable else replace(live, marker="")
