"""A plan while it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from owui_sync.errors import Diagnostic
from owui_sync.manifest.desired import Move
from owui_sync.plan.options import Options
from owui_sync.plan.ownership import OwnershipConflict
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Change, InventoryEntry


@dataclass(slots=True)
class Draft:
    """What has been planned so far."""

    snapshot: Snapshot
    options: Options
    changes: list[Change] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    settled: dict[str, InventoryEntry | None] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)
    refusals: list[Diagnostic] = field(default_factory=list)
    foreign: list[OwnershipConflict] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    retained: list[str] = field(default_factory=list)
    moves: dict[str, Move] = field(default_factory=dict)

    @property
    def records(self) -> Mapping[str, InventoryEntry]:
        return self.snapshot.inventory.records

    @property
    def salt(self) -> str:
        return self.snapshot.inventory.salt
