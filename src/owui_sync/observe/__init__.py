"""From a server to a `Snapshot`, in bulk reads, through a client that cannot write."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace

from owui_sync.client.capabilities import version_of
from owui_sync.client.reader import Reader
from owui_sync.kinds import KINDS
from owui_sync.kinds.base import Kind, Live, Names, Row
from owui_sync.observe.directory import directories
from owui_sync.observe.inventory import list_files, read_inventory
from owui_sync.observe.version import check_version
from owui_sync.plan.inventory import Inventory
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Server
from owui_sync.resolve.graph import reads


async def observe(reader: Reader, stack: str, want: frozenset[str], claimed: Callable[[str], bool]) -> Snapshot:
    """Reads everything that a plan of `stack` needs, and fails when anything cannot be read in full.

    Args:
        want: what the manifests need, in the words of `Field.reads`; what the inventory needs comes on top.
        claimed: whether the manifests ask for the object `kind/key`; if it is there, we must know whose it is.

    Requests: the version, one for the list of inventories, one for this stack's, one or two a kind and directory (more
    for those that only come in pages), and one for each other stack when an object is there that we do not own.
    """
    # The list of users is for administrators only. To anybody else the server would show an incomplete picture as a
    # whole one, so that list is read even if no user is named: its refusal is the answer that such a token needs.
    want = want | {"user"}
    version, stacks = await asyncio.gather(version_of(reader), list_files(reader))
    warnings = check_version(version)
    inventory, damage = await read_inventory(reader, stack, stacks.pop(stack, []))
    want = want.union(*(reads(address.partition("/")[0], rec.fields) for address, rec in inventory.records.items()))
    names = Names()
    objects = await _read_all(reader, want, names)
    for address, record in inventory.records.items():
        kind, _, key = address.partition("/")
        if record.id in {live.id for live in objects.get(address, ())}:
            names.pin(kind, key, record.id)
    snapshot = Snapshot(Server(reader.url, str(version)), objects, names, inventory, {}, want, (*warnings, *damage))
    if any(claimed(address) for address in objects if address not in inventory.records):
        return replace(snapshot, others=await _read_others(reader, stacks))
    return snapshot


async def _read_all(reader: Reader, want: frozenset[str], names: Names) -> dict[str, tuple[Live, ...]]:
    kinds = [kind for name, kind in KINDS.items() if name in want]
    rows, _ = await asyncio.gather(
        asyncio.gather(*(kind.observe(reader, want, names) for kind in kinds)),
        asyncio.gather(*(fill(reader, names) for fill in directories(want))),
    )
    found = list(zip(kinds, rows, strict=True))
    for kind, some in found:
        for row in some:
            names.add(kind.name, *kind.identity(row))
    return _objects(found, names)


def _objects(found: Iterable[tuple[Kind, list[Row]]], names: Names) -> dict[str, tuple[Live, ...]]:
    objects: dict[str, tuple[Live, ...]] = {}
    for kind, rows in found:
        for row in rows:
            live = kind.live(row, names)
            objects[live.address] = (*objects.get(live.address, ()), live)
    return objects


async def _read_others(reader: Reader, stacks: dict[str, list[Row]]) -> dict[str, Inventory]:
    read = await asyncio.gather(*(read_inventory(reader, stack, rows) for stack, rows in stacks.items()))
    return {inventory.stack: inventory for inventory, _ in read}
