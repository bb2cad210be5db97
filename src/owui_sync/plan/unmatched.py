"""What `--only` and `--exclude` name, against what there is."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from owui_sync.plan.snapshot import Snapshot
from owui_sync.resolve.select import Selection


def warn_of_unmatched(
    snapshot: Snapshot, selection: Selection, also: Set[str], kinds: Set[str] | None = None
) -> Snapshot:
    """Return the snapshot with a warning for each pattern that fits nothing in the inventory, nor elsewhere.

    Args:
        also: further addresses: of everything that the manifests name, or that the server has.
        kinds: as for `Selection.unmatched`.

    Raises:
        UsageError: a full name is nowhere.
    """
    inventory = snapshot.inventory
    known = {*also, *inventory.records, *(f"job/{name}" for name in inventory.jobs)}
    return replace(snapshot, warnings=(*snapshot.warnings, *selection.unmatched(known, kinds)))
