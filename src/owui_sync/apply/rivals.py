"""Other stacks that are making an object of the same name, where the server takes several objects of one name.

Each run announces in its inventory what it is going to create, and reads the other inventories after that. Of two runs
the one that announces later sees the other's announcement, so at least one of them gives way; when both announce at the
same moment, both may. This costs a few requests a run, not one for each object.
"""

from __future__ import annotations

from owui_sync.address import Address
from owui_sync.apply.lock import is_held
from owui_sync.client.concurrency import gather_or_cancel
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError
from owui_sync.kinds import KINDS
from owui_sync.kinds.base import Kind
from owui_sync.observe.inventory import read_inventory, read_stacks
from owui_sync.plan.inventory import Inventory
from owui_sync.plan.types import Action, Plan


class LostRace(OwuiSyncError):
    """Another stack is making an object of that name; there is none of ours."""

    def __init__(self, address: str, stack: str) -> None:
        super().__init__(
            f"stack {stack!r} is making {address} at the same moment, so it was not made here",
            hint="plan again: it is shown as that stack's then, or made here when that one gave way too",
        )


async def find_rivals(writer: Writer, plan: Plan) -> dict[str, str]:
    """Tell which objects of the plan another stack is making, once the plan is announced.

    Requests: none where nothing is created that could be there twice; else two, one for each other stack, and some
    more for an object that two want.

    Returns:
        Address -> the other stack.
    """
    wanted = {
        change.address: KINDS[change.kind]
        for change in plan.changes
        if change.action is Action.CREATE and not KINDS[change.kind].lifecycle.unique
    }
    if not wanted:
        return {}
    rivals: dict[str, str] = {}
    for inventory in await _inventories_of_others(writer, plan.stack):
        for address, kind in wanted.items():
            if address in inventory.records and await _is_made(writer, kind, address, inventory):
                rivals[address] = inventory.stack
    return rivals


async def owner(writer: Writer, stack: str, kind: Kind, key: str, id: str) -> str | None:
    """Return the other stack that made the object, or announced one of that key. Two requests, and one a stack."""
    if kind.lifecycle.unique:
        return None
    for inventory in await _inventories_of_others(writer, stack):
        record = inventory.records.get(f"{kind.name}/{key}")
        if record and record.id in ("", id):
            return inventory.stack
    return None


async def _inventories_of_others(writer: Writer, stack: str) -> list[Inventory]:
    """Read them with two requests, and one for each other stack, side by side."""
    stacks, _ = await read_stacks(writer)
    others = sorted(stacks.keys() - {stack})
    found = await gather_or_cancel(*(read_inventory(writer, other, stacks[other]) for other in others))
    return [inventory for inventory, _ in found]


async def _is_made(writer: Writer, kind: Kind, address: str, inventory: Inventory) -> bool:
    """Return whether what an inventory says of an object is true now: the object exists, or a run is making it."""
    id, key = inventory.records[address].id, Address.parse(address).key
    if not id and await is_held(writer, inventory.stack):
        return True
    return any((found == id) if id else (name == key) for name, found in map(kind.identity, await kind.read(writer)))
