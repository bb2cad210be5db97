"""What must come before what: an object before those that name it, and a delete after the last one that named it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from owui_sync.kinds import KINDS
from owui_sync.manifest.desired import Entry
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Action, Change
from owui_sync.resolve.graph import named

_MAKES = (Action.CREATE, Action.REPLACE)
_RANK = {kind: rank for rank, kind in enumerate(KINDS)}
_READING = {Action.DELETE: 1}


def ordered(changes: Iterable[Change], entries: Mapping[str, Entry], snapshot: Snapshot) -> tuple[Change, ...]:
    """The changes with `depends_on` filled in, sorted as a person reads them: by kind and key, deletes last."""
    changes = sorted(changes, key=lambda c: (_READING.get(c.action, 0), _RANK[c.kind], c.key))
    made = {change.address for change in changes if change.action in _MAKES}
    users = _users(changes, snapshot)
    return tuple(replace(change, depends_on=_depends(change, entries, made, users)) for change in changes)


def _depends(
    change: Change, entries: Mapping[str, Entry], made: set[str], users: Mapping[str, list[Change]]
) -> tuple[str, ...]:
    if change.action is Action.DELETE:
        first = {user.address for user in users.get(change.address, ()) if _before(user, change)}
    else:
        first = {use.address for use in named(change.kind, entries[change.address].values)} if change.source else set()
        first &= made
    return tuple(sorted(first - {change.address}))


def _before(user: Change, deleted: Change) -> bool:
    """Two presets may each be the other's base; deletes of one kind need no order among themselves."""
    return user.action is not Action.DELETE or user.kind != deleted.kind


def _users(changes: Iterable[Change], snapshot: Snapshot) -> dict[str, list[Change]]:
    """Address -> the changes of objects that name it on the server now."""
    users: dict[str, list[Change]] = {}
    for change in changes:
        live = snapshot.find(change.address, change.id) if change.id else None
        for use in named(live.kind, live.values) if live else ():
            users.setdefault(use.address, []).append(change)
    return users
