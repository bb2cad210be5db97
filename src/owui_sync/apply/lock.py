"""The lock of a stack: a hidden, inactive, private model row whose id only one of two creators can have.

The row says who holds it and until when, by the server's clock. The holder renews it; after a crash it expires. To
break an expired lock a run must first create a second row, named after that very lock, so that of two runs that
find the same dead lock only one removes it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from owui_sync.apply import holder
from owui_sync.client.api import models
from owui_sync.client.errors import ClientError, Conflict, NotFound, ServerError, Unauthorized, Uncertain
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.errors import Locked
from owui_sync.kinds import access
from owui_sync.kinds.base import Row
from owui_sync.kinds.model import LOCK_PREFIX

LIFETIME = 30.0
"""Seconds after which a lock that nobody renews is free again."""
_RENEW = LIFETIME / 3
_POLL = 1.0
_TRIES = 3
_LETTING_GO = 10.0
"""Seconds to try to remove our lock at the end; after that it is left to expire."""
_BREAK = ":break:"
"""Between a lock's id and its nonce in the id of the row that gives the right to break it; no stack name has it."""
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Lock:
    """A lock that is held. `lost` becomes true when another run took it, or when it could not be renewed in time."""

    id: str
    nonce: str
    lost: bool = False
    who: Mapping[str, Any] = field(default_factory=holder.describe)


def _silent(notice: str) -> None:
    """Tells nobody."""


@asynccontextmanager
async def locked(
    writer: Writer, stack: str, patience: float, tell: Callable[[str], None] = _silent
) -> AsyncIterator[Lock]:
    """Holds the lock of a stack for the block. Two requests, and one every ten seconds.

    Args:
        patience: seconds to wait for another run.
        tell: told once, in words for a person, when there is another run to wait for.

    Raises:
        Locked: another run still holds it.
    """
    lock = await _acquire(writer, stack, patience, tell)
    renewing = asyncio.create_task(_renew(writer, lock))
    try:
        yield lock
    finally:
        renewing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await renewing
        if not lock.lost:
            await _release(writer, lock)


async def _release(writer: Writer, lock: Lock) -> None:
    """Lets go. What was done stays done when the server does not answer any more, so that is no error."""
    try:
        async with asyncio.timeout(_LETTING_GO):
            await _delete(writer, lock.id)
    except (ClientError, TimeoutError):
        _log.warning("the lock could not be removed: it is free by itself after %.0f s", LIFETIME)


async def unlock(writer: Writer, stack: str) -> str | None:
    """Removes the lock whoever holds it; returns the holder's name, or None when there was none."""
    rows = {row["id"]: row for row in await models.list_all(writer) if row["id"].split(_BREAK)[0] == _id(stack)}
    for id in rows:
        await _delete(writer, id)
    return holder.name(_holder(_mark(rows[_id(stack)]))) if _id(stack) in rows else None


async def who(reader: Reader, stack: str) -> str | None:
    """The holder's name, or None when the stack is not locked."""
    row = await _read(reader, _id(stack))
    return holder.name(_holder(_mark(row))) if row else None


async def _acquire(writer: Writer, stack: str, patience: float, tell: Callable[[str], None]) -> Lock:
    lock = Lock(_id(stack), secrets.token_hex(8))
    deadline, told = time.monotonic() + patience, False
    while True:
        if await _create(writer, lock.id, _body(lock, writer)):
            return lock
        row = await _read(writer, lock.id)
        if row is None or await _break(writer, row):
            continue
        if time.monotonic() >= deadline:
            raise _refusal(stack, row)
        if not told:
            tell(f"waiting for {holder.name(_holder(_mark(row)))}, which holds the lock of stack {stack!r}")
            told = True
        await asyncio.sleep(min(_POLL, max(0.0, deadline - time.monotonic())))


def _refusal(stack: str, row: Row) -> Locked:
    return Locked(
        f"stack {stack!r} is locked by {holder.name(_holder(_mark(row)))}",
        hint="wait for that run (--lock-timeout SECONDS waits longer); a lock that nobody renews is free after "
        f"{LIFETIME:.0f} s, and `owui-sync state unlock` removes it at once",
    )


async def _create(writer: Writer, id: str, body: Row) -> bool:
    """Whether we are the one who created the row."""
    failure: ClientError
    for _ in range(_TRIES):
        try:
            await models.create(writer, body)
            return True
        except (Conflict, Uncertain, ServerError, Unauthorized) as error:
            # Of two creations at the very same moment the server refuses one with 500 or 401, and not with "already
            # registered". Without a row the other is gone again by now, or the refusal was about something else.
            failure = error
        row = await _read(writer, id)
        if row is not None:
            return bool(_mark(row).get("nonce") == _mark(body).get("nonce"))
        if isinstance(failure, Conflict):
            return False
    raise failure


async def _break(writer: Writer, row: Row) -> bool:
    """Removes a dead lock; False when it lives, or when another run is removing it."""
    mark = _mark(row)
    if not _is_dead(mark, writer.server_time()):
        return False
    breaker = f"{row['id']}{_BREAK}{mark.get('nonce', '')}"
    if not await _create(writer, breaker, _row(breaker, {"nonce": secrets.token_hex(8)})):
        return False
    try:
        again = await _read(writer, row["id"])
        if again and _mark(again) == mark:
            await _delete(writer, row["id"])
    finally:
        await _delete(writer, breaker)
    return True


def _is_dead(mark: Mapping[str, Any], now: float) -> bool:
    """Whether a lock is nobody's: its run is gone, it expired, or it claims a time that no run ever claims."""
    expires = mark.get("expires_at")
    sane = isinstance(expires, int | float) and now <= expires <= now + 2 * LIFETIME
    return not sane or holder.is_dead(_holder(mark))


async def _renew(writer: Writer, lock: Lock) -> None:
    expires = time.monotonic() + LIFETIME
    while not lock.lost:
        await asyncio.sleep(min(_RENEW, max(0.0, expires - time.monotonic())))
        begun = time.monotonic()
        try:
            async with asyncio.timeout(expires - begun):
                lock.lost = not await _renewed(writer, lock)
            expires = begun + LIFETIME
        except TimeoutError:
            lock.lost = True
        except ClientError:
            lock.lost = time.monotonic() > expires


async def _renewed(writer: Writer, lock: Lock) -> bool:
    """Renews the lock; False when it is no longer ours."""
    row = await _read(writer, lock.id)
    if row is None or _mark(row).get("nonce") != lock.nonce:
        return False
    await models.update(writer, _body(lock, writer))
    return True


async def _read(reader: Reader, id: str) -> Row | None:
    try:
        return await models.get(reader, id)
    except NotFound:
        return None


async def _delete(writer: Writer, id: str) -> None:
    with contextlib.suppress(NotFound):
        await models.delete(writer, id)


def _id(stack: str) -> str:
    return LOCK_PREFIX + stack


def _mark(row: Row) -> dict[str, Any]:
    mark = (row.get("meta") or {}).get("owui_sync")
    return mark if isinstance(mark, dict) else {}


def _holder(mark: Mapping[str, Any]) -> Mapping[str, Any]:
    described = mark.get("holder")
    return described if isinstance(described, dict) else {}


def _body(lock: Lock, writer: Writer) -> Row:
    expires = writer.server_time() + LIFETIME
    return _row(lock.id, {"nonce": lock.nonce, "expires_at": expires, "holder": dict(lock.who)})


def _row(id: str, mark: Row) -> Row:
    return {
        "id": id,
        "name": id,
        "base_model_id": None,
        "params": {},
        "meta": {"hidden": True, "description": "Held while owui-sync applies a plan.", "owui_sync": mark},
        "is_active": False,
        **access.PRIVATE,
    }
