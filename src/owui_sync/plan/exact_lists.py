"""Lists that a manifest writes whole: what it removes from them must be the stack's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from owui_sync.errors import Diagnostic
from owui_sync.kinds import KINDS
from owui_sync.manifest.desired import Entry
from owui_sync.plan.types import FieldChange, InventoryEntry

_HINT = "write it in the manifest as well to keep it; to remove it, pass --take-over"


def removals_of_others(
    entry: Entry, changes: Iterable[FieldChange], record: InventoryEntry | None
) -> Iterator[Diagnostic]:
    """Refuse each removal of an item that the stack has not made.

    Args:
        changes: of the object.
        record: what was last applied to it; with a path for each item that was.
    """
    ours = record.fields if record else {}
    for change in changes:
        if KINDS[entry.kind].field(change.path).split is None or not isinstance(change.before, list):
            continue
        for item in change.before:
            if item not in (change.after or ()) and f"{change.path}.{item}" not in ours:
                message = f"{entry.address}: `{change.path}` would delete {item!r}, which this stack did not make"
                yield Diagnostic(message, str(entry.where(change.path)), _HINT)
