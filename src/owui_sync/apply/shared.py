"""What several stacks write a part of: settings, and the default permissions.

The server takes such an object as a whole. A run reads it, changes its own fields and sends all of them, so that of two
runs at the same moment the later one would send back what the other had before. So only one run writes such objects at
a time, whichever stack it is of.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from owui_sync.apply import lock_row
from owui_sync.apply.lock import LIFETIME, SHARED, locked
from owui_sync.apply.lock_row import lock_id
from owui_sync.client.writer import Writer
from owui_sync.errors import Locked
from owui_sync.kinds import KINDS
from owui_sync.kinds.areas import AreaKind
from owui_sync.plan.types import Change

_PATIENCE = 120.0
"""Seconds to wait for other runs; each of them holds the lock for some requests."""


def is_shared(change: Change) -> bool:
    """Return whether other stacks may write the object of a change as well."""
    kind = KINDS[change.kind]
    return kind.lifecycle.singleton or isinstance(kind, AreaKind)


async def free_shared(writer: Writer) -> None:
    """Remove the lock of shared objects that a run left when it died. One request where there is none."""
    row = await lock_row.read(writer, lock_id(SHARED))
    if row and row.is_dead(writer.server_time(), LIFETIME):
        with suppress(Locked):
            async with locked(writer, SHARED, 0.0):
                pass


class SharedLock:
    """The right of one run to write shared objects; its changes that go on at the same time have it together.

    Args:
        writer: the client.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._users = 0
        self._held: AsyncExitStack | None = None
        self._changing = asyncio.Lock()

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[None]:
        """Have it for the block. Two requests for all blocks that overlap.

        Raises:
            Locked: other runs kept it for too long.
        """
        self._users += 1
        try:
            await self._take()
            yield
        finally:
            self._users -= 1
            await self._let_go()

    async def _take(self) -> None:
        async with self._changing:
            if self._held is None:
                held = AsyncExitStack()
                await held.enter_async_context(locked(self._writer, SHARED, _PATIENCE))
                self._held = held

    async def _let_go(self) -> None:
        async with self._changing:
            if self._held is not None and not self._users:
                held, self._held = self._held, None
                await held.aclose()
