"""Manifests that name the stack of another project: they share no entry with what the stack owns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from owui_sync.address import Address
from owui_sync.errors import UnsafePlan
from owui_sync.kinds import KINDS
from owui_sync.manifest.desired import Entry, Move
from owui_sync.plan.inventory import Inventory
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Plan


def is_foreign(entries: Mapping[str, Entry], moved: Iterable[Move], snapshot: Snapshot) -> bool:
    """Return whether the stack owns objects, and the manifests write others and none of those.

    Rules for many models fit the models of any project, so they only count where nothing else is written. Manifests
    without any entry are no other project's: they end a stack. A stack of users alone has nothing to lose.
    """
    records = snapshot.inventory.records
    if not entries or all(KINDS[Address.parse(address).kind].lifecycle.released for address in records):
        return False
    written = {address for address, entry in entries.items() if not entry.partial} or set(entries)
    written |= {move.before for move in moved}
    return written.isdisjoint(records)


def foreign_words(stack: str, owned: int) -> str:
    """Return what is wrong, for a person."""
    objects = "1 object" if owned == 1 else f"{owned:,} objects"
    return (
        f"stack {stack!r} owns {objects} that these manifests do not name, and none that they do: they may belong to "
        "another project that uses the same name"
    )


def claim_words(inventory: Inventory) -> str:
    """Return the warning of a plan."""
    return (
        f"{foreign_words(inventory.stack, len(inventory.records))}; apply asks before it goes on, and without a "
        "terminal it needs --claim-stack"
    )


def check_claim(plan: Plan) -> None:
    """Raise UnsafePlan for a plan that would take a stack over without having been told to."""
    if plan.claims and plan.changes:
        raise UnsafePlan(
            foreign_words(plan.stack, plan.owned),
            hint="give this project a `stack` of its own; if it is the same one, pass --claim-stack",
        )
