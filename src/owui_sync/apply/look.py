"""Looks again after a creation, where the server takes several objects of one name: somebody else may have made one
at the same moment.

Whoever sees another one gives way, so that of two creators one at the most stays. When both gave way, they try again
after pauses of different lengths.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError
from owui_sync.kinds.base import Kind, Row
from owui_sync.observe.inventory import read_inventory, read_stacks


class MadeTwice(OwuiSyncError):
    """Somebody else made an object of that name at the same moment; there is none of ours."""

    def __init__(self, address: str, ids: list[str]) -> None:
        super().__init__(
            f"somebody else made {address} at the same moment (id {', '.join(ids)}), so ours was removed again",
            hint="plan again: it is adopted then, or shown as another stack's",
        )


@dataclass(slots=True)
class Look:
    """The looks of one run. Those who want to look while another look is under way share the next one.

    Args:
        writer: the client.
        stack: whose run it is.
    """

    writer: Writer
    stack: str = ""
    _next: dict[str, asyncio.Future[list[Row]]] = field(default_factory=dict)
    _turns: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def others(self, kind: Kind, key: str, id: str | None = None) -> list[str]:
        """Ids of the objects that have the key now, beside that of ours. The requests of `Kind.read`, or none."""
        if not kind.repeatable:
            return []
        if kind.name not in self._next:
            self._next[kind.name] = asyncio.ensure_future(self._read(kind))
        rows = await asyncio.shield(self._next[kind.name])
        return sorted(found for name, found in map(kind.identity, rows) if name == key and found != id)

    async def owner(self, kind: Kind, key: str, id: str) -> str | None:
        """The other stack that made the object or is just making one of that key. Two requests, and one a stack."""
        if not kind.repeatable:
            return None
        stacks, _ = await read_stacks(self.writer)
        for stack in stacks.keys() - {self.stack}:
            inventory, _ = await read_inventory(self.writer, stack, stacks[stack])
            record = inventory.records.get(f"{kind.name}/{key}")
            if record and record.id in ("", id):
                return stack
        return None

    async def _read(self, kind: Kind) -> list[Row]:
        async with self._turns.setdefault(kind.name, asyncio.Lock()):
            del self._next[kind.name]  # Who comes from now on may have made something that this one does not see.
            return await kind.read(self.writer)
