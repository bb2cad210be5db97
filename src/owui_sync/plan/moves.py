"""An object keeps its id and gets another key, so whatever names it must be read with the new key.

The manifests ask for that with `moved`, and an object that somebody renamed on the server is moved back the same way.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace

from owui_sync.address import Address
from owui_sync.errors import Diagnostic
from owui_sync.kinds import KINDS
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.tree import TreeKind
from owui_sync.manifest.desired import Entry, Move
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Action, Plan
from owui_sync.resolve.graph import named_by


def is_due(move: Move, snapshot: Snapshot) -> bool:
    """Return whether the object still has its old key. One that has its new key was moved before."""
    return move.before in snapshot.objects and move.after not in snapshot.objects


def renamed(entries: Mapping[str, Entry], snapshot: Snapshot) -> Iterator[Move]:
    """Yield the moves that undo what somebody renamed on the server: objects of ours under a key that no entry has."""
    ids = snapshot.by_id()
    for address, record in snapshot.inventory.records.items():
        entry = entries.get(address)
        if entry is None or address in snapshot.objects:
            continue
        live = ids.get((entry.kind, record.id))
        if live and live.address not in entries:
            yield Move(entry.kind, live.key, entry.key, entry.source)


def collisions(moves: Iterable[Move]) -> Iterator[Diagnostic]:
    """Yield a problem for each move whose new key another object gets, too: one of the two would be lost."""
    taken: dict[str, Move] = {}
    for move in moves:
        first = taken.setdefault(move.after, move)
        if first is not move:
            message = f"{first.before} and {move.before} are both on the server, and both would become {move.after}"
            yield Diagnostic(message, str(move.source), "give one of them another key, or delete it with `absent`")


def include_child_moves(due: Iterable[Move], entries: Container[str], snapshot: Snapshot) -> list[Move]:
    """Return the moves, and those of the objects inside what is moved that the manifests have at the new place."""
    moves = {move.before: move for move in due}
    for move in list(moves.values()):
        kind = KINDS[move.kind]
        if not isinstance(kind, TreeKind):
            continue
        for address in snapshot.objects:
            name, key = Address.parse(address)
            new = kind.key_after_parent_move(key, move.old, move.new) if name == kind.name else None
            if new and address not in entries and f"{name}/{new}" in entries:
                moves.setdefault(address, Move(name, key, new, move.source))
    return list(moves.values())


def rename_in_snapshot(snapshot: Snapshot, moved: Iterable[tuple[str, str, str]]) -> Snapshot:
    """Return the snapshot in which objects are named by their new keys; the objects themselves keep the old ones.

    Args:
        moved: kind, old key and new key of each object.
    """
    renamed = list(moved)
    if not renamed:
        return snapshot
    names = snapshot.names.renamed(renamed)
    old = {str(Address(kind, key)) for kind, key, _ in renamed}

    def again(live: ObservedResource) -> ObservedResource:
        if not any(use.address in old for use in named_by(live)):
            return live
        return replace(live, values=KINDS[live.kind].live(live.row, names).values)

    objects = {address: tuple(map(again, lives)) for address, lives in snapshot.objects.items()}
    return replace(snapshot, names=names, objects=objects)


def moves_of(plan: Plan) -> list[tuple[str, str, str]]:
    """Return kind, old key and new key of each object that a plan moves."""
    return [
        (change.kind, change.moved_from, change.key)
        for change in plan.changes
        if change.moved_from and change.action is not Action.DELETE
    ]
