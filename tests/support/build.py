"""Short ways to make the values that the stations pass to each other, for tests that need no server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from owui_sync.kinds import KINDS
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.manifest.desired import Entry
from owui_sync.plan.difference import record_of
from owui_sync.plan.inventory import Inventory
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import InventoryEntry, ServerIdentity
from owui_sync.values import Position

HERE = Position("manifests/a.yaml", 3, 5)
SALT = "00" * 16


def entry(address: str, *, keep: bool = False, partial: bool = False, **fields: Any) -> Entry:
    """An entry as the manifests give it; `fields` as they are written there, such as `params={"temperature": 1}`."""
    kind, _, key = address.partition("/")
    values = {
        path: KINDS[kind].field(name).normalise(value)
        for name, written in fields.items()
        for path, value in KINDS[kind].field(name).paths(written)
    }
    return Entry(kind, key, values, HERE, keep=keep, partial=partial)


def entries(*some: Entry) -> dict[str, Entry]:
    """Address -> entry."""
    return {one.address: one for one in some}


def live(address: str, id: str = "", /, **fields: Any) -> ObservedResource:
    """An object on the server; what is not given is at its default."""
    kind, _, key = address.partition("/")
    return ObservedResource(kind, key, id or f"id-of-{key}", entry(address, **fields).values, {})


def record(one: Entry, id: str = "", *, partial: bool = False) -> InventoryEntry:
    """What the inventory says after `one` was applied."""
    return record_of(one, id or f"id-of-{one.key}", None, SALT, partial=partial)


def snapshot(
    *lives: ObservedResource,
    records: Mapping[str, InventoryEntry] | None = None,
    others: Mapping[str, Inventory] | None = None,
    names: IdIndex | None = None,
) -> Snapshot:
    """A server with these objects."""
    known, objects = names or IdIndex(), dict[str, tuple[ObservedResource, ...]]()
    for one in lives:
        known.add(one.kind, one.key, one.id)
        objects[one.address] = (*objects.get(one.address, ()), one)
    inventory = Inventory("default", 1, SALT, records or {})
    return Snapshot(ServerIdentity("http://localhost:8080", "0.12.4"), objects, known, inventory, others or {})
