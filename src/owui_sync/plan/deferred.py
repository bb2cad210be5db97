"""Entries for objects that owui-sync cannot create, such as users: these appear when they sign in."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace

from owui_sync.address import Address
from owui_sync.kinds import KINDS
from owui_sync.manifest.desired import Entry
from owui_sync.plan.snapshot import Snapshot
from owui_sync.values import ABSENT


def without_deferred(
    entries: Mapping[str, Entry], snapshot: Snapshot, warnings: list[str], moves: Mapping[str, object]
) -> tuple[dict[str, Entry], dict[str, Entry]]:
    """Return the entries that can be planned, and the deferred ones.

    What names a deferred object is planned without that name; a later run adds it.
    """
    deferred = {
        address: entry for address, entry in entries.items() if address not in moves and _is_deferred(entry, snapshot)
    }
    warnings += [f"{entry.source}: {address} has not signed in yet" for address, entry in deferred.items()]
    rest = {address: entry for address, entry in entries.items() if address not in deferred}
    if deferred:
        rest = {address: without(entry, deferred) for address, entry in rest.items()}
    return rest, deferred


def _is_deferred(entry: Entry, snapshot: Snapshot) -> bool:
    return can_be_deferred(entry) and entry.address not in snapshot.objects


def can_be_deferred(entry: Entry) -> bool:
    """Return whether the object of an entry cannot be created where it is not there."""
    needed = KINDS[entry.kind].lifecycle.create_requires
    return needed is not None and needed not in entry.values


def without(entry: Entry, deferred: Container[str]) -> Entry:
    """Return the entry without the names of these objects, in which a value may be `ABSENT`."""
    kind, values = KINDS[entry.kind], dict(entry.values)
    for path, value in entry.values.items():
        field = kind.field(path)
        missing = {key for name, key in field.references(value) if str(Address(name, key)) in deferred}
        if missing:
            values[path] = field.without(value, missing) if field.without else ABSENT
    return replace(entry, values=values) if values != entry.values else entry
