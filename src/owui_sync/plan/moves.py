"""`moved`: an object keeps its id and gets another key, so whatever names it must be read with the new key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from owui_sync.kinds import KINDS
from owui_sync.kinds.base import Live
from owui_sync.manifest.desired import Move
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Plan
from owui_sync.resolve.graph import named_by


def is_due(move: Move, snapshot: Snapshot) -> bool:
    """Whether the object still has its old key. One that has its new key was moved before."""
    return move.before in snapshot.objects and move.after not in snapshot.objects


def with_moves(snapshot: Snapshot, moved: Iterable[tuple[str, str, str]]) -> Snapshot:
    """The snapshot in which objects are named by their new keys; the objects themselves keep the old ones.

    Args:
        moved: kind, old key and new key of each object.
    """
    renamed = list(moved)
    if not renamed:
        return snapshot
    names = snapshot.names.renamed(renamed)
    old = {f"{kind}/{key}" for kind, key, _ in renamed}

    def again(live: Live) -> Live:
        if not any(use.address in old for use in named_by(live)):
            return live
        return replace(live, values=KINDS[live.kind].live(live.row, names).values)

    objects = {address: tuple(map(again, lives)) for address, lives in snapshot.objects.items()}
    return replace(snapshot, names=names, objects=objects)


def moves_of(plan: Plan) -> list[tuple[str, str, str]]:
    """Kind, old key and new key of each object that a plan moves."""
    return [(change.kind, change.moved_from, change.key) for change in plan.changes if change.moved_from]
