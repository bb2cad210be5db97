"""Reads a server as far as an export of it needs."""

from __future__ import annotations

from dataclasses import replace

from owui_sync.client.reader import Reader
from owui_sync.errors import OwuiSyncError
from owui_sync.export.content import DEFAULT_STACK, chosen, wanted
from owui_sync.observe import observe
from owui_sync.observe.details import complete
from owui_sync.observe.hidden import warn_of_hidden
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.unmatched import warn_of_unmatched
from owui_sync.resolve.select import Selection


async def read_for_export(reader: Reader, selection: Selection, stack: str | None = None) -> Snapshot:
    """Return the server, with all that is to be exported in full; arguments as for `chosen`.

    Raises:
        OwuiSyncError: the server has no inventory of the stack.
        UsageError: the selection names an object that the server does not have.
    """
    snapshot = await observe(reader, stack or DEFAULT_STACK, wanted(selection), lambda _: stack is None)
    if stack and not snapshot.inventory.serial:
        raise OwuiSyncError(f"the server has no inventory of stack {stack!r}", hint="see `owui-sync state list`")
    snapshot = warn_of_unmatched(snapshot, selection, snapshot.objects.keys(), snapshot.want)
    brief = [live for live in chosen(snapshot, selection, stack) if live.unknown]
    snapshot = await complete(reader, snapshot, brief, {})
    return replace(snapshot, warnings=(*snapshot.warnings, *await warn_of_hidden(reader, snapshot)))
