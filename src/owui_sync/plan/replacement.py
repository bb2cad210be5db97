"""An object that is deleted and made anew, because the server cannot change its key in place."""

from __future__ import annotations

from dataclasses import replace

from owui_sync.kinds.observed import ObservedResource
from owui_sync.manifest.desired import Entry
from owui_sync.plan.difference import default, is_hidden, new_fields
from owui_sync.plan.types import Cause, FieldChange, InventoryEntry
from owui_sync.resolve.graph import KEY
from owui_sync.values import same


def anew(
    entry: Entry, live: ObservedResource, fields: tuple[FieldChange, ...]
) -> tuple[tuple[FieldChange, ...], tuple[FieldChange, ...]]:
    """Return what becomes different, and what is written again as it was.

    Whatever nobody wrote is lost with the old object, so it counts as different where it is not at its default.

    Args:
        fields: what would differ after a change in place.
    """
    differing = {change.path for change in fields}
    lost = tuple(
        FieldChange(path, value, default(live, path), Cause.RESET, is_hidden(live.kind, live.key, path, live.values))
        for path, value in live.values.items()
        if path not in differing and path not in entry.values and not same(value, default(live, path))
    )
    again = [change for change in new_fields(entry, Cause.MANIFEST) if change.path not in differing]
    return (*fields, *lost), tuple(replace(change, before=change.after) for change in again)


def why_anew(entry: Entry, live: ObservedResource) -> str:
    """Return why, and which object goes."""
    new = "" if live.address == entry.address else f" as {entry.address}"
    return f"{live.address} is deleted and made anew{new}: the server cannot change {KEY} in place"


def origin(record: InventoryEntry | None) -> str:
    """Return what a person must know of an object that is deleted and was not made by the stack."""
    return "; it was adopted, not made by this stack" if record and record.adopted else ""
