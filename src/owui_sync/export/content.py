"""What an export holds: the objects of a snapshot as entries of manifests, and what had to stay out and why."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from owui_sync.export.entry import Item, item_of, key_problem
from owui_sync.kinds import KINDS
from owui_sync.kinds.base import Live
from owui_sync.plan.inventory import Inventory, is_secret
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Record
from owui_sync.resolve.graph import reads
from owui_sync.resolve.select import Selection
from owui_sync.values import Json, canonical

DEFAULT_STACK = "default"

_GLOB = re.compile(r"[*?[]")


@dataclass(frozen=True, slots=True)
class Content:
    """What goes into the manifests.

    Args:
        stack: who is to own it.
        items: kind name -> entries, in the order of their keys; only kinds that have any.
        rules: `access_rules`, for objects of which the stack only owns the access.
        warnings: what had to be left out, and why.
    """

    stack: str
    items: Mapping[str, tuple[Item, ...]]
    rules: tuple[Json, ...] = ()
    warnings: tuple[str, ...] = ()


def wanted(selection: Selection) -> frozenset[str]:
    """What must be read from the server for an export, in the words of `Field.reads`."""
    kinds = {kind for kind, _ in selection.only} or KINDS.keys()
    return frozenset().union(*(reads(kind, [f.name for f in KINDS[kind].fields]) for kind in kinds))


def content_of(snapshot: Snapshot, selection: Selection, stack: str | None = None) -> Content:
    """The content of a server.

    Args:
        snapshot: the server, read with `wanted`, and with all inventories unless `stack` is given.
        selection: what to export.
        stack: only what this stack owns, which is the stack of the snapshot's inventory; None: everything.
    """
    export = _Export(snapshot, selection, stack)
    items = [item for live in export.chosen() for item in export.items(live)]
    by_kind = {kind: tuple(found) for kind, found in groupby(items, key=lambda item: item.kind)}
    rules = tuple(export.rules[access] for access in sorted(export.rules))
    return Content(export.stack, by_kind, rules, tuple(dict.fromkeys((*snapshot.warnings, *export.warnings))))


@dataclass(slots=True)
class _Export:
    """One export under way."""

    snapshot: Snapshot
    selection: Selection
    only_stack: str | None
    stack: str = DEFAULT_STACK
    warnings: list[str] = field(default_factory=list)
    rules: dict[bytes, Json] = field(default_factory=dict)

    def chosen(self) -> Iterator[Live]:
        """The objects to export, by kind and key."""
        kinds = {kind: rank for rank, kind in enumerate(KINDS)}
        fitting = [lives for address, lives in self.snapshot.objects.items() if address in self.selection]
        lives = [live for lives in fitting if (live := self._one(lives))]
        self.stack = self.only_stack or self._owner(lives)
        yield from sorted(lives, key=lambda live: (kinds[live.kind], live.key))

    def _one(self, lives: tuple[Live, ...]) -> Live | None:
        """The object with a key: the only one, or the one that a stack knows as its own."""
        owned = [live for live in lives if any(_record(stack, live) for stack in self._inventories())]
        if self.only_stack:
            return owned[0] if owned else None
        if len(owned) != 1 and len(lives) > 1:
            ids = ", ".join(live.id for live in lives)
            self.warnings.append(f"{lives[0].address} is left out: the server has {len(lives)} of that name ({ids})")
            return None
        return owned[0] if owned else lives[0]

    def _inventories(self) -> Iterable[Inventory]:
        return (self.snapshot.inventory, *self.snapshot.others.values())

    def _owner(self, lives: Iterable[Live]) -> str:
        """The stack for the configuration: the one that owns what is exported, if there is just one."""
        owners: dict[str, list[Live]] = defaultdict(list)
        for live in lives:
            for stack in self._inventories():
                if _record(stack, live):
                    owners[stack.stack].append(live)
        if len(owners) > 1:
            self.warnings.append(
                f"the objects belong to several stacks ({', '.join(sorted(owners))}): a plan of them all needs "
                "--take-over; --stack exports one stack"
            )
        return next(iter(owners)) if len(owners) == 1 else DEFAULT_STACK

    def items(self, live: Live) -> Iterator[Item]:
        """The entry of an object; none for one that has to stay out, or that only a rule is about."""
        if problem := key_problem(live):
            self.warnings.append(f"{live.address} is left out: {problem}")
            return
        records = {stack.stack: record for stack in self._inventories() if (record := _record(stack, live))}
        hidden = {path for record in records.values() for path, known in record.fields.items() if is_secret(known)}
        own = records.get(self.stack)
        item, warnings = item_of(live, self.snapshot, hidden, self._limit(live, own))
        self.warnings += warnings
        if own and own.partial and item.fields.keys() <= {"access"}:
            self._add_rule(live, item)
        elif item.fields or not KINDS[live.kind].singleton:
            yield item.kept() if own and own.keep else item

    def _limit(self, live: Live, record: Record | None) -> frozenset[str] | None:
        """The paths to export, where the stack does not own all of an object."""
        if self.only_stack and record and (record.partial or KINDS[live.kind].singleton):
            return frozenset(record.fields)
        return None

    def _add_rule(self, live: Live, item: Item) -> None:
        access = item.fields.get("access", "private")
        rule = self.rules.setdefault(canonical(access), {"models": [], "access": access})
        rule["models"].append(_GLOB.sub(r"[\g<0>]", live.key))


def _record(inventory: Inventory, live: Live) -> Record | None:
    """What an inventory says of an object that its stack owns."""
    record = inventory.records.get(live.address)
    return record if record and record.id == live.id else None
