"""What must come before what: an object before those that name it, and a delete after the last one that named it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace

from owui_sync.kinds import KINDS
from owui_sync.manifest.desired import Entry
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Action, Change
from owui_sync.resolve.graph import KEY, NamedReference, named_by
from owui_sync.resolve.pipes import Functions, functions_of, with_pipes

_MAKES = (Action.CREATE, Action.REPLACE, Action.MOVE)
_RANK = {kind: rank for rank, kind in enumerate(KINDS)}
_READING = {Action.DELETE: 1}


@dataclass(frozen=True, slots=True)
class _Uses:
    """What entries name."""

    entries: Mapping[str, Entry]
    functions: Functions

    def of(self, address: str) -> set[str]:
        """Return the addresses of what an entry names."""
        named = named_by(self.entries[address])
        return {use.address for use in with_pipes(named, self.functions, self.entries)}


def ordered(changes: Iterable[Change], entries: Mapping[str, Entry], snapshot: Snapshot) -> tuple[Change, ...]:
    """Return the changes with `depends_on` filled in, sorted as a person reads them: by kind and key, deletes last."""
    changes = sorted(changes, key=lambda c: (_READING.get(c.action, 0), _RANK[c.kind], c.key))
    made = {change.address for change in changes if change.action in _MAKES}
    users = _users(changes, snapshot)
    switches = {change.address for change in changes} & {kind.lifecycle.switched_by for kind in KINDS.values()}
    uses = _Uses(entries, functions_of(entries))
    return tuple(replace(change, depends_on=_depends(change, uses, made, users, switches)) for change in changes)


def with_last(changes: tuple[Change, ...], last: frozenset[str]) -> tuple[Change, ...]:
    """Return the changes. Those with the addresses `last` wait for all others but those that wait for them."""
    return tuple(
        replace(change, depends_on=tuple(sorted({*change.depends_on, *_others(change, changes, last)})))
        if change.address in last
        else change
        for change in changes
    )


def _others(change: Change, changes: Iterable[Change], last: frozenset[str]) -> set[str]:
    waiting, before = {change.address}, set[str]()
    while waiting != before:
        before = set(waiting)
        waiting |= {other.address for other in changes if waiting & set(other.depends_on)}
    return {other.address for other in changes} - waiting - last


def _depends(
    change: Change,
    uses: _Uses,
    made: set[str],
    users: Mapping[str, list[tuple[Change, NamedReference]]],
    switches: Container[str | None],
) -> tuple[str, ...]:
    if change.action is Action.DELETE:
        first = {user.address for user, use in users.get(change.address, ()) if _before(user, use, change)}
    else:
        first = uses.of(change.address) if change.source else set()
        first &= made
        switch = KINDS[change.kind].lifecycle.switched_by
        first |= {switch} if switch and switch in switches else set()
    return tuple(sorted(first - {change.address}))


def _before(user: Change, use: NamedReference, deleted: Change) -> bool:
    """Order deletes of one kind only where a key names the parent: two presets may be each other's base."""
    return user.action is not Action.DELETE or user.kind != deleted.kind or use.path == KEY


def _users(changes: Iterable[Change], snapshot: Snapshot) -> dict[str, list[tuple[Change, NamedReference]]]:
    """Return address -> the changes of objects that name it on the server now, and how."""
    users: dict[str, list[tuple[Change, NamedReference]]] = {}
    functions = functions_of(snapshot.objects)
    for change in changes:
        live = snapshot.find(change.live_address, change.id) if change.id else None
        for use in with_pipes(named_by(live), functions, snapshot.objects) if live else ():
            users.setdefault(use.address, []).append((change, use))
    return users
