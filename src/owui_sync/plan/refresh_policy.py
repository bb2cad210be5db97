"""Which objects have to be read one by one, because the list does not tell what a plan needs to know of them.

An object whose mark on the server is the one that the inventory remembers is as it was last applied. If the manifests
still ask for that, nothing needs to be read: so a plan without changes costs no request for each note and folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from owui_sync.address import field_of
from owui_sync.kinds import KINDS
from owui_sync.kinds.observed import ObservedResource
from owui_sync.manifest.desired import Entry
from owui_sync.plan.difference import differences
from owui_sync.plan.id_references import mark
from owui_sync.plan.inventory import matches
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import InventoryEntry, Plan


def for_planning(entries: Mapping[str, Entry], named: Set[str], snapshot: Snapshot) -> list[ObservedResource]:
    """Return the objects that a plan for `entries` must know in full: those that it may change, and that may differ.

    Args:
        named: the address of everything that the manifests name, `absent` and the old keys of `moved` included.
    """
    records = snapshot.inventory.records
    ours = [live for live in _brief(snapshot) if live.address in named or live.address in records]
    return [live for live in ours if not _settled(entries.get(live.address), live, records.get(live.address), snapshot)]


def for_applying(plan: Plan, snapshot: Snapshot) -> list[ObservedResource]:
    """Return the objects that an existing plan changes: it knew them in full, and so must whoever compares."""
    touched = {(change.kind, change.id) for change in plan.changes}
    return [live for live in _brief(snapshot) if (live.kind, live.id) in touched]


def _brief(snapshot: Snapshot) -> Iterable[ObservedResource]:
    return (live for lives in snapshot.objects.values() for live in lives if live.unknown)


def _settled(entry: Entry | None, live: ObservedResource, record: InventoryEntry | None, snapshot: Snapshot) -> bool:
    """Return whether what is known already says that there is nothing to do."""
    if entry is None or record is None or record.id != live.id:
        return False
    salt = snapshot.inventory.salt
    marker = mark(live.marker, entry.kind, entry.values, record.fields, snapshot.names)
    return not differences(entry.values, live, record, salt, entry.leaves_alone) and _as_applied(
        entry, live, record, marker, salt
    )


def _as_applied(entry: Entry, live: ObservedResource, record: InventoryEntry, marker: str, salt: str) -> bool:
    wanted, last = _within(entry.values, live.unknown), _within(record.fields, live.unknown)
    if wanted != last or _within(wanted, KINDS[live.kind].version_token.untracked):
        return False
    same_state = bool(record.marker) and record.marker == marker
    return not wanted or (same_state and all(matches(entry.values[path], record.fields[path], salt) for path in wanted))


def _within(paths: Iterable[str], fields: Set[str]) -> set[str]:
    return {path for path in paths if field_of(path) in fields}
