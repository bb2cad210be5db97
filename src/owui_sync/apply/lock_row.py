"""The rows that a lock is made of: hidden, inactive, private models, whose ids only one of two creators can have.

A row says who holds it and until when, by the server's clock. Its name follows from the stack; that of a row which
gives the right to remove another one follows from all that the other says, so that it counts for no later one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from owui_sync.apply import lock_owner
from owui_sync.client.api import models, users
from owui_sync.client.api.models import ModelRow
from owui_sync.client.api.users import UserRow
from owui_sync.client.errors import ClientError, Conflict, NotFound, ServerError, Unauthorized, Uncertain
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.kinds import access
from owui_sync.kinds.model import LOCK_PREFIX
from owui_sync.kinds.rows import Row

_BREAK = ":break:"
"""Between a lock's id and the digest of a row in the id of the row that gives the right to remove that one; no stack's
name has it."""
_TRIES = 3


@dataclass(frozen=True, slots=True)
class LockRow:
    """A row as the server has it.

    Args:
        id: its id.
        author: id of the user who made it.
        mark: what its maker wrote into it, checked by nobody.
    """

    id: str
    author: str
    mark: Mapping[str, Any]

    @property
    def nonce(self) -> object:
        """What tells the rows of two runs apart."""
        return self.mark.get("nonce")

    @property
    def holder(self) -> Mapping[str, Any]:
        """The run that holds it."""
        described = self.mark.get("holder")
        return described if isinstance(described, dict) else {}

    @property
    def breaker(self) -> str:
        """Id of the row that gives the right to remove this one, as it is now."""
        said = hashlib.sha256(json.dumps([self.id, self.author, dict(self.mark)], sort_keys=True).encode()).hexdigest()
        return f"{self.id.split(_BREAK)[0]}{_BREAK}{said[:16]}"

    @property
    def left(self) -> list[str]:
        """Rows that the run before may not have removed any more: those that gave it the right to this one."""
        known, prefix = self.mark.get("left"), self.id + _BREAK
        rows = known if isinstance(known, list) else []
        return [id for id in rows if isinstance(id, str) and re.fullmatch(re.escape(prefix) + "[0-9a-f]{16}", id)]

    def is_dead(self, now: float, lifetime: float) -> bool:
        """Return whether it is nobody's: its run is gone, it expired, or it claims a time that no run ever claims."""
        expires = self.mark.get("expires_at")
        sane = isinstance(expires, int | float) and now <= expires <= now + 2 * lifetime
        return not sane or lock_owner.is_dead(self.holder)


@dataclass(slots=True)
class Administrators:
    """Whose rows count: every user who may make models can make one of any id."""

    reader: Reader
    known: dict[str, UserRow] = field(default_factory=dict)

    async def has(self, row: LockRow) -> bool:
        """Return whether an administrator made the row. No request for an author who is known to be one, else one."""
        if not self._knows(row):
            self.known = {user["id"]: user for user in await users.list_all(self.reader)}
        return self._knows(row)

    def _knows(self, row: LockRow) -> bool:
        author = self.known.get(row.author)
        return author is not None and author["role"] == "admin"

    def name(self, row: LockRow) -> str:
        """For a message: whose the row is; `has` was asked before."""
        if self._knows(row):
            return lock_owner.name(row.holder)
        user = self.known.get(row.author)
        return f"user {user['email']!r}, who is no administrator" if user else f"a user who is gone ({row.author})"


def lock_id(stack: str) -> str:
    """Return the id of the row that is the lock of a stack."""
    return LOCK_PREFIX + stack


async def read(reader: Reader, id: str) -> LockRow | None:
    """Return the row, or None where there is none. One request."""
    try:
        return _of(await models.get(reader, id))
    except NotFound:
        return None


async def of_stack(reader: Reader, stack: str) -> list[LockRow]:
    """Return the lock of a stack, and rows that give the right to remove others. One request or two."""
    return [_of(row) for row in await models.list_all(reader) if row["id"].split(_BREAK)[0] == lock_id(stack)]


async def create(writer: Writer, id: str, mark: Row) -> bool:
    """Return whether we are the one who created the row."""
    failure: ClientError
    for _ in range(_TRIES):
        try:
            await models.create(writer, body(id, mark))
            return True
        except (Conflict, Uncertain, ServerError, Unauthorized) as error:
            # Of two creations at the very same moment the server refuses one with 500 or 401, and not with "already
            # registered". Without a row the other is gone again by now, or the refusal was about something else.
            failure = error
        row = await read(writer, id)
        if row is not None:
            return bool(row.nonce == mark["nonce"])
        if isinstance(failure, Conflict):
            return False
    raise failure


async def delete(writer: Writer, id: str) -> None:
    """Remove a row; one that is gone already is fine."""
    with contextlib.suppress(NotFound):
        await models.delete(writer, id)


def body(id: str, mark: Row) -> Row:
    """Return what the server is sent."""
    return {
        "id": id,
        "name": id,
        "base_model_id": None,
        "params": {},
        "meta": {"hidden": True, "description": "Held while owui-sync applies a plan.", "owui_sync": mark},
        "is_active": False,
        **access.PRIVATE,
    }


def _of(row: ModelRow) -> LockRow:
    mark = (row.get("meta") or {}).get("owui_sync")
    return LockRow(row["id"], str(row.get("user_id")), mark if isinstance(mark, dict) else {})
