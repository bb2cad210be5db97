"""The lock of a stack: a row that says who holds it and until when, by the server's clock (`owui_sync.apply.lock_row`).

The holder renews it; after a crash it expires. To take over a dead lock a run must first create a second row, named
after that very lock, so that of two runs that find the same dead lock only one takes it. A run may die while it holds
that second row: then the right to take over goes to whoever creates a third one, named after the second, and so on.
Rows that no administrator made are dead from the beginning.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import shlex
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from owui_sync.apply import lock_owner, lock_row
from owui_sync.apply.lock_row import Administrators, LockRow, lock_id
from owui_sync.client.api import models
from owui_sync.client.capabilities import version_of
from owui_sync.client.errors import ClientError, Conflict, NotFound
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.errors import Locked, OwuiSyncError
from owui_sync.kinds.rows import Row

SHARED = "*shared"
"""Stands in place of a stack for what all stacks of a server share; no stack is called so."""
LIFETIME = 30.0
"""Seconds after which a lock that nobody renews is free again."""
_RENEW = LIFETIME / 3
_POLL = 1.0
_LETTING_GO = 10.0
"""Seconds to try to remove our lock at the end; after that it is left to expire."""
_MOST = 20
"""Rows, each of which gives the right to remove the one before, that are followed."""
_log = logging.getLogger(__name__)


def _clock() -> float:
    """Return the seconds that pass also while this machine sleeps, where it can tell."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(slots=True)
class Lock:
    """A lock that is held.

    Args:
        writer: the client.
        id: of its row.
        nonce: what tells it from the lock of another run.
        expires: until when it is ours unless it is renewed, by `_clock`.
        left: rows that gave the right to it, as long as they are not removed.
        inherited: whether the run before died with it.
    """

    writer: Writer
    id: str
    nonce: str = field(default_factory=lambda: secrets.token_hex(8))
    expires: float = 0.0
    left: tuple[str, ...] = ()
    inherited: bool = False
    _gone: bool = False
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def lost(self) -> bool:
        """Whether another run may have it: it was seen to be gone, or was not renewed in time."""
        return self._gone or _clock() > self.expires

    async def held(self) -> bool:
        """Ask the server whether it is still ours, and renew it when it is time. One request, or two.

        A run that stood still, at a question or as its machine slept, may find that nobody else came meanwhile.
        Two parts of a run may ask at once, but not renew at once: the server refuses one of two such writes.
        """
        async with self._asking:
            if self._gone or not await self._is_ours() or (self._is_due() and not await self.write()):
                self.give_up()
            return not self.lost

    def _is_due(self) -> bool:
        return self.expires - _clock() <= LIFETIME - _RENEW

    async def _is_ours(self) -> bool:
        row = await lock_row.read(self.writer, self.id)
        return row is not None and row.nonce == self.nonce

    def give_up(self) -> None:
        """Count it as lost from now on."""
        self._gone = True

    def mark(self) -> Row:
        """Return what its row says when it is written now."""
        return {**_mark(self.writer, self.nonce), **({"left": list(self.left)} if self.left else {})}

    async def create(self) -> bool:
        """Make its row; False when there is one, of another run. One request, and more where that is refused."""
        expires = _clock() + LIFETIME
        ours = await lock_row.create(self.writer, self.id, self.mark())
        self.expires = expires if ours else self.expires
        return ours

    async def write(self) -> bool:
        """Make the row that is there ours as of now. One request, two where it fails.

        Returns:
            False when there is no row, or another run wrote it at the same moment.
        """
        expires, mark = _clock() + LIFETIME, self.mark()
        try:
            await models.update(self.writer, lock_row.body(self.id, mark))
        except NotFound:
            return False
        except ClientError as error:
            row = await lock_row.read(self.writer, self.id)
            if isinstance(error, Conflict) and (row is None or row.nonce != self.nonce):
                return False
            if row is None or row.mark != mark:
                raise
        self.expires = expires
        return True


def _silent(notice: str) -> None:
    """Do nothing with the totals."""


@asynccontextmanager
async def locked(
    writer: Writer, stack: str, patience: float, tell: Callable[[str], None] = _silent
) -> AsyncIterator[Lock]:
    """Hold the lock of a stack for the block. Two requests, and two every ten seconds.

    Args:
        patience: seconds to wait for another run.
        tell: told once, in words for a person, when there is another run to wait for.

    Raises:
        Locked: another run still holds it.
    """
    lock = await _Taking(writer, stack, Lock(writer, lock_id(stack)), Administrators(writer)).take(patience, tell)
    renewing = asyncio.create_task(_renew(lock))
    try:
        yield lock
    finally:
        renewing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await renewing
        if not lock.lost:
            await _release(lock)


async def _release(lock: Lock) -> None:
    """Let go. What was done stays done when the server does not answer any more, so that is no error."""
    try:
        async with asyncio.timeout(_LETTING_GO):
            await _clear(lock)
            await lock_row.delete(lock.writer, lock.id)
    except (ClientError, TimeoutError):
        _log.warning("the lock could not be removed: it is free by itself after %.0f s", LIFETIME)


async def unlock(writer: Writer, stack: str) -> str | None:
    """Remove the lock whoever holds it; returns the holder's name, or None when there was none."""
    administrators = Administrators(writer)
    rows = {row.id: row for row in await lock_row.of_stack(writer, stack)}
    for id in rows:
        await lock_row.delete(writer, id)
    row = rows.get(lock_id(stack))
    if row:
        await administrators.has(row)
    return administrators.name(row) if row else None


async def who(reader: Reader, stack: str) -> str | None:
    """Return the holder's name, or None when the stack is not locked. One request or two."""
    row = await lock_row.read(reader, lock_id(stack))
    return lock_owner.name(row.holder) if row and await Administrators(reader).has(row) else None


async def is_held(reader: Reader, stack: str) -> bool:
    """Return whether a run of the stack is under way. One request or two."""
    row = await lock_row.read(reader, lock_id(stack))
    return bool(row and await Administrators(reader).has(row) and not row.is_dead(reader.server_time(), LIFETIME))


@dataclass(slots=True)
class _Taking:
    """How one run comes to the lock of a stack."""

    writer: Writer
    stack: str
    lock: Lock
    administrators: Administrators

    async def take(self, patience: float, tell: Callable[[str], None]) -> Lock:
        """Return the lock, once it is ours. Raises Locked."""
        await self._learn_time()
        deadline, told = time.monotonic() + patience, False
        while True:
            if await self.lock.create():
                return self.lock
            row = await lock_row.read(self.writer, self.lock.id)
            if row is None:
                continue
            if await self._is_dead(row) and await self._take_over(row):
                self.lock.inherited = True
                return self.lock
            if time.monotonic() >= deadline:
                raise _refusal(self.stack, row)
            if not told:
                tell(f"waiting for {lock_owner.name(row.holder)}, which holds the lock of {_called(self.stack)}")
                told = True
            await asyncio.sleep(min(_POLL, max(0.0, deadline - time.monotonic())))

    async def _learn_time(self) -> None:
        """Ask for the server's time: the clock of this machine counts for nothing. One request, or none."""
        await version_of(self.writer)
        if not self.writer.time_is_known():
            raise OwuiSyncError(
                f"{self.writer.url} does not tell its time, and without it nobody can know when a lock expires",
                hint="what stands before the server has to let the header `Date` of its answers through",
            )

    async def _is_dead(self, row: LockRow) -> bool:
        return not await self.administrators.has(row) or row.is_dead(self.writer.server_time(), LIFETIME)

    async def _take_over(self, row: LockRow) -> bool:
        """Make a dead lock ours; False when another run does, or it turned out to live."""
        try:
            async with asyncio.timeout(LIFETIME / 2):
                rights = await self._rights(row)
                return bool(rights) and await self._replace(row, rights)
        except TimeoutError:
            return False

    async def _rights(self, row: LockRow) -> list[str]:
        """Return the rows that together give the right to remove `row`, the last one ours.

        Return none when another run has it.
        """
        rights: list[str] = []
        while len(rights) < _MOST:
            rights.append(row.breaker)
            if await lock_row.create(self.writer, rights[-1], _mark(self.writer, secrets.token_hex(8))):
                return rights
            found = await lock_row.read(self.writer, rights[-1])
            if found is None or not await self._is_dead(found):
                return []
            row = found
        raise OwuiSyncError(
            f"{len(rights)} rows in the list of models stand in the way of the lock of {_called(self.stack)}, "
            f"the last one of {self.administrators.name(row)}",
            hint=f"`owui-sync state unlock --stack {shlex.quote(self.stack)}` removes them all",
        )

    async def _replace(self, row: LockRow, rights: list[str]) -> bool:
        """Overwrite the row of an administrator, who may not be deleted: so it tells what is left if we are killed."""
        self.lock.left = (*rights, *row.left)
        try:
            if await lock_row.read(self.writer, row.id) != row:
                return False
            if await self.administrators.has(row):
                return await self.lock.write()
            _log.warning(
                "the model %s claims to be the lock of %s and is of %s: it is removed",
                *(row.id, _called(self.stack), self.administrators.name(row)),
            )
            await lock_row.delete(self.writer, row.id)
            return await self.lock.create()
        finally:
            await _clear(self.lock)


async def _clear(lock: Lock) -> None:
    """Remove the rows that gave the right to the lock; what cannot be removed now is when the lock is."""
    for id in lock.left:
        with contextlib.suppress(ClientError):
            await lock_row.delete(lock.writer, id)
            lock.left = tuple(other for other in lock.left if other != id)


def _called(stack: str) -> str:
    return "the settings of the server" if stack == SHARED else f"stack {stack!r}"


def _refusal(stack: str, row: LockRow) -> Locked:
    if stack == SHARED:
        return Locked(
            f"{lock_owner.name(row.holder)} is writing settings, and only one run can at a time",
            hint=f"apply again; if that run is gone, its lock is free after {LIFETIME:.0f} s",
        )
    return Locked(
        f"stack {stack!r} is locked by {lock_owner.name(row.holder)}",
        hint="wait for that run (--lock-timeout SECONDS waits longer); a lock that nobody renews is free after "
        f"{LIFETIME:.0f} s, and `owui-sync state unlock` removes it at once",
    )


def taken(stack: str, so_far: str = "") -> Locked:
    """Return the error that stops a run whose lock went to another one.

    `so_far` says what became of the run, where that is certain.
    """
    return Locked(
        f"the lock of stack {stack!r} went to another run{so_far and f'; {so_far}'}",
        hint="see whether another run is going on; then plan again",
    )


async def _renew(lock: Lock) -> None:
    while True:
        await asyncio.sleep(min(_RENEW, max(0.0, lock.expires - _clock())))
        left = lock.expires - _clock()
        with contextlib.suppress(ClientError, TimeoutError):
            async with asyncio.timeout(left if left > 0 else LIFETIME):
                await lock.held()
        if lock.lost:
            lock.give_up()
            return


def _mark(writer: Writer, nonce: str) -> Row:
    return {"nonce": nonce, "expires_at": writer.server_time() + LIFETIME, "holder": lock_owner.describe()}
