"""What the server looks like: the second input of a plan, read by `owui_sync.observe`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.plan.inventory import Inventory
from owui_sync.plan.types import ServerIdentity


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The server at one moment.

    Args:
        objects: address -> the objects with that key: several where the server allows equal names.
        names: ids of everything that can be named.
        inventory: what this stack owns; empty for a new stack.
        others: stack -> inventory, for the stacks that may own what this one wants.
        want: what was read, in the words of `Field.reads`.
        account: id of the user of the token; None where nothing depends on it, or the server does not tell.
        warnings: what was odd but harmless.
        uses_key: whether the token in use is an API key.
    """

    server: ServerIdentity
    objects: Mapping[str, tuple[ObservedResource, ...]]
    names: IdIndex
    inventory: Inventory
    others: Mapping[str, Inventory] = field(default_factory=dict)
    want: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()
    account: str | None = None
    uses_key: bool = True

    def find(self, address: str, id: str) -> ObservedResource | None:
        """Return the object with that key and id."""
        return next((live for live in self.objects.get(address, ()) if live.id == id), None)

    def by_id(self) -> dict[tuple[str, str], ObservedResource]:
        """Return kind and id -> object, whatever its key is now."""
        return {(live.kind, live.id): live for lives in self.objects.values() for live in lives}

    def owner(self, address: str, id: str) -> str | None:
        """Return the other stack that owns an object, if one does.

        A stack that is just making an object of that key counts too.
        """
        for stack, inventory in self.others.items():
            record = inventory.records.get(address)
            if record and record.id in ("", id):
                return stack
        return None
