"""From a server to a `Snapshot`, in bulk reads, through a client that cannot write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from owui_sync.address import Address
from owui_sync.client.api.files import FileRow
from owui_sync.client.capabilities import version_of
from owui_sync.client.concurrency import gather_or_cancel
from owui_sync.client.reader import Reader
from owui_sync.kinds import KINDS
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.rows import Row
from owui_sync.observe.catalog import DIRECTORIES, directories
from owui_sync.observe.instance import instance_of, salt_for
from owui_sync.observe.inventory import by_stack, list_files, read_inventory
from owui_sync.observe.version import check_version
from owui_sync.plan.inventory import Inventory
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import ServerIdentity
from owui_sync.resolve.graph import reads


async def observe(reader: Reader, stack: str, want: frozenset[str], claimed: Callable[[str], bool]) -> Snapshot:
    """Read everything that a plan of `stack` needs, and fail when anything cannot be read in full.

    Args:
        want: what the manifests need, in the words of `Field.reads`; what the inventory needs comes on top.
        claimed: whether the manifests ask for the object `kind/key`. What is there and is either wanted and not ours,
            or ours and no longer wanted, or there more than once, may be another stack's: then the other inventories
            are read too.

    Requests: the version, one for the list of inventories, one for this stack's, one or two a kind and directory (more
    for those that only come in pages), and one for each other stack when that matters.
    """
    version = await version_of(reader)
    warnings = check_version(version)
    # The list of users is for administrators only. To anybody else the server would show an incomplete picture as a
    # whole one, so that list is read even if no user is named: its refusal is the answer that such a token needs.
    want = want | {"user"}
    names = IdIndex()
    files, rows = await gather_or_cancel(list_files(reader), _read(reader, want, want, names))
    stacks, disowned = by_stack(files, rows["user"])
    inventory, damage = await read_inventory(reader, stack, stacks.pop(stack, []))
    if not inventory.serial and (salt := salt_for(stack, rows["user"])):
        inventory = replace(inventory, salt=salt)
    more = frozenset().union(
        *(reads(*Address.parse(address), rec.fields) for address, rec in inventory.records.items())
    )
    rows |= await _read(reader, _further(want, more), want | more, names)
    await note_switched_off(reader, rows, inventory, names)
    for address, record in inventory.records.items():
        kind, key = Address.parse(address)
        if record.id in names.ids(kind, key):
            names.pin(kind, key, record.id)
    objects = _objects(rows, names)
    warnings = (*warnings, *(file.words for file in disowned), *damage)
    server = ServerIdentity(reader.url, str(version), instance_of(rows["user"]))
    snapshot = Snapshot(server, objects, names, inventory, {}, want | more, warnings, uses_key=reader.uses_key)
    if any(_disputed(claimed(address), address in inventory.records, len(objects[address])) for address in objects):
        return replace(snapshot, others=await _read_others(reader, stacks))
    return snapshot


async def note_switched_off(
    reader: Reader, rows: Mapping[str, list[Row]], inventory: Inventory, names: IdIndex
) -> None:
    """Note the kinds that the server has switched off, in `switched_off` of the names.

    Requests: as `Kind.is_listed_off`, for each kind of which the stack owns an object and the list is empty.
    """
    owned = {Address.parse(address).kind: record.id for address, record in inventory.records.items() if record.id}
    for kind, id in owned.items():
        if not rows.get(kind, True) and await KINDS[kind].is_listed_off(reader, id):
            names.switched_off.add(kind)


def _disputed(claimed: bool, ours: bool, count: int) -> bool:
    """Return whether another stack may own an object, or one of several that have its name."""
    return claimed != ours or (claimed and count > 1)


def _further(want: frozenset[str], more: frozenset[str]) -> frozenset[str]:
    """Return what is still to be read for the inventory.

    What only one of the kinds offers comes with that kind's own list.
    """
    missing = more - want
    return missing | {name for name, kind in KINDS.items() if kind.provides & missing - DIRECTORIES.keys()}


async def _read(reader: Reader, want: frozenset[str], whole: frozenset[str], names: IdIndex) -> dict[str, list[Any]]:
    """Return kind -> all its rows, for the kinds in `want`; directories and keys go into `names`.

    Args:
        whole: all that the plan needs, also what was read before: a kind that is read again reads that, too.
    """
    kinds = [kind for name, kind in KINDS.items() if name in want]
    found, _ = await gather_or_cancel(
        gather_or_cancel(*(kind.observe(reader, whole, names) for kind in kinds)),
        gather_or_cancel(*(fill(reader, names) for fill in directories(want))),
    )
    for kind, rows in zip(kinds, found, strict=True):
        for row in rows:
            names.add(kind.name, *kind.identity(row))
    return {kind.name: rows for kind, rows in zip(kinds, found, strict=True)}


def _objects(rows: Mapping[str, list[Row]], names: IdIndex) -> dict[str, tuple[ObservedResource, ...]]:
    objects: dict[str, tuple[ObservedResource, ...]] = {}
    for kind, some in rows.items():
        for row in some:
            live = KINDS[kind].live(row, names)
            objects[live.address] = (*objects.get(live.address, ()), live)
    return objects


async def _read_others(reader: Reader, stacks: dict[str, list[FileRow]]) -> dict[str, Inventory]:
    read = await gather_or_cancel(*(read_inventory(reader, stack, rows) for stack, rows in stacks.items()))
    return {inventory.stack: inventory for inventory, _ in read}
