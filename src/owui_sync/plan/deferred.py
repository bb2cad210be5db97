"""Objects that come to be by other ways than ours, such as users who sign in for the first time: until then we wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from owui_sync.kinds import KINDS
from owui_sync.manifest.desired import Entry
from owui_sync.plan.snapshot import Snapshot
from owui_sync.values import ABSENT


def without_deferred(
    entries: Mapping[str, Entry], snapshot: Snapshot, warnings: list[str], moves: Mapping[str, object]
) -> tuple[dict[str, Entry], dict[str, Entry]]:
    """The entries that can be planned, and those that are waited for.

    What names an awaited object is planned without that name; a later run adds it.
    """
    awaited = {
        address: entry for address, entry in entries.items() if address not in moves and _is_deferred(entry, snapshot)
    }
    warnings += [f"{entry.source}: {address} is awaited: not there yet" for address, entry in awaited.items()]
    rest = {address: entry for address, entry in entries.items() if address not in awaited}
    if awaited:
        rest = {address: _without(entry, awaited) for address, entry in rest.items()}
    return rest, awaited


def _is_deferred(entry: Entry, snapshot: Snapshot) -> bool:
    needed = KINDS[entry.kind].lifecycle.create_requires
    return needed is not None and needed not in entry.values and entry.address not in snapshot.objects


def _without(entry: Entry, awaited: Mapping[str, Entry]) -> Entry:
    kind, values = KINDS[entry.kind], dict(entry.values)
    for path, value in entry.values.items():
        field = kind.field(path)
        missing = {key for name, key in field.references(value) if f"{name}/{key}" in awaited}
        if missing:
            values[path] = field.without(value, missing) if field.without else ABSENT
    return replace(entry, values=values) if values != entry.values else entry
