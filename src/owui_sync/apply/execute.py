"""Makes one change of a plan, and checks in the server's answer that it was really made."""

from __future__ import annotations

import contextlib
from typing import Any

from owui_sync.address import field_of
from owui_sync.apply.rivals import owner
from owui_sync.client.errors import Conflict, NotFound, Uncertain
from owui_sync.client.writer import Writer
from owui_sync.kinds import KINDS
from owui_sync.kinds.base import Kind
from owui_sync.kinds.lifecycle import Visibility
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.rows import Row
from owui_sync.kinds.unfinished import PartialWrite, finishing
from owui_sync.kinds.write import WriteRequest
from owui_sync.plan.difference import current
from owui_sync.plan.types import Action, Change
from owui_sync.values import reveal, same


class WriteNotPersisted(PartialWrite):
    """The server accepted a write and kept something else than what was sent."""


class Hidden(Conflict):
    """The key is taken by an object that the server hides from this account."""

    def __init__(self, refused: Conflict) -> None:
        super().__init__(
            refused.method,
            refused.path,
            refused.status,
            f"{refused.detail} The server does not show what has it to this account",
            hint="it belongs to somebody else: set BYPASS_ADMIN_ACCESS_CONTROL=true (the default) on the server, "
            "or share it with this account, then plan again",
        )


def write_for(change: Change, names: IdIndex, message: str = "") -> WriteRequest:
    """Return what a kind needs to know to make the change, its secrets included.

    Args:
        names: ids of everything that the change names; a new object is added.
        message: for the server's histories.
    """
    return WriteRequest(change.key, {field.path: reveal(field.after) for field in change.written}, names, message)


async def execute(
    change: Change, live: ObservedResource | None, writer: Writer, write: WriteRequest, stack: str = ""
) -> ObservedResource | None:
    """Make the change; return the object as it is now, or None when it is gone.

    Args:
        live: the object as it was read for this apply; None for a creation.
        write: what to write, see `write_for`.
        stack: whose change it is.

    Raises:
        ClientError: the server refused, or could not be reached.
        WriteNotPersisted: it answered with another value than the one that was sent.
        PartialWrite: the object is there, and not all of it was done.
    """
    kind = KINDS[change.kind]
    last = change.action is Action.REPLACE and kind.lifecycle.replaced_by_new
    if change.action in (Action.DELETE, Action.REPLACE) and live and not last:
        await _delete(kind, writer, live)
    if change.action is Action.DELETE:
        return None
    if change.action in (Action.CREATE, Action.REPLACE):
        after = await _create(kind, writer, write, stack)
        if last and live:
            with finishing(after):
                await _delete(kind, writer, live)
    else:
        assert live is not None
        after = await kind.update(writer, live, write) if change.fields or change.moved_from else live
    write.names.pin(change.kind, change.key, after.id)
    _check(change, after)
    return after


async def _delete(kind: Kind, writer: Writer, live: ObservedResource) -> None:
    with contextlib.suppress(NotFound):
        await kind.delete(writer, live)


async def _create(kind: Kind, writer: Writer, write: WriteRequest, stack: str) -> ObservedResource:
    """Create once. Where it is unknown whether the request arrived, the server is asked before another try.

    What may as well be another stack's is not touched then.

    Raises:
        Hidden: the key is taken by an object that the server's list lacks.
    """
    try:
        return await kind.create(writer, write)
    except Conflict as refused:
        if kind.lifecycle.visibility is Visibility.READABLE and not await _find(kind, writer, write.key):
            raise Hidden(refused) from None
        raise
    except Uncertain:
        rows = await _find(kind, writer, write.key)
        if not rows:
            return await kind.create(writer, write)
        if len(rows) > 1 or await owner(writer, stack, kind, write.key, kind.identity(rows[0])[1]):
            raise
        return await kind.update(writer, kind.live(rows[0], write.names), write)


async def _find(kind: Kind, writer: Writer, key: str) -> list[Row]:
    """Return the objects that have this key now."""
    return [row for row in await kind.read(writer) if kind.identity(row)[0] == key]


def _check(change: Change, after: ObservedResource) -> None:
    if lost := lost_paths(change, after):
        error = WriteNotPersisted(
            f"the server answered with success, but did not keep {', '.join(f'`{path}`' for path in lost)} as written",
            hint="the server refuses the value without a word or rewrites it; write it as the server has it now",
        )
        error.live = after
        raise error


def lost_paths(change: Change, after: ObservedResource) -> list[str]:
    """Return the fields of a change that the object does not have as they were to be, or that are not known of it."""
    return [
        field.path
        for field in change.written
        if not KINDS[change.kind].is_only_for_creating(field.path)
        and (
            field_of(field.path) in after.unknown
            or not same(current(after, field.path), _normal(change.kind, field.path, field.after))
        )
    ]


def _normal(kind: str, path: str, value: Any) -> Any:
    """Return a written value as the server has it; that of a saved plan is read again as it stands in its file."""
    return KINDS[kind].field(path).normalise(reveal(value))
