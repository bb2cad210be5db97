"""Reads two servers side by side, for a comparison."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from owui_sync import __version__
from owui_sync.client.concurrency import gather_or_cancel
from owui_sync.client.reader import Reader
from owui_sync.clone.comparison import STACK, Side, compare
from owui_sync.export.content import wanted
from owui_sync.observe import observe
from owui_sync.observe.details import complete
from owui_sync.observe.hidden import warn_of_hidden
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Plan
from owui_sync.plan.unmatched import warn_of_unmatched
from owui_sync.resolve.select import Selection


async def difference(names: tuple[str, str], readers: tuple[Reader, Reader], selection: Selection) -> Plan:
    """Return what differs between two servers, as the plan that would make the second like the first.

    Args:
        names: of their targets.
        readers: of the servers.
        selection: what is compared.

    Raises:
        UsageError: the selection names an object that neither server has.
    """
    source, destination = await gather_or_cancel(*(_read(reader, selection) for reader in readers))
    known = {*source.objects, *destination.objects}
    destination = warn_of_unmatched(destination, selection, known, destination.want)
    plan = compare(Side(names[0], source), Side(names[1], destination), selection)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return replace(plan, created_at=now, tool=__version__, requests=sum(reader.requests for reader in readers))


async def _read(reader: Reader, selection: Selection) -> Snapshot:
    """Return a server with every selected object in full."""
    snapshot = await observe(reader, STACK, wanted(selection), lambda _: False)
    brief = [
        live for address, some in snapshot.objects.items() if address in selection for live in some if live.unknown
    ]
    snapshot = await complete(reader, snapshot, brief, {})
    return replace(snapshot, warnings=(*snapshot.warnings, *await warn_of_hidden(reader, snapshot)))
