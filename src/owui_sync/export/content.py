"""What an export holds: the objects of a snapshot as entries of manifests, and what had to stay out and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from owui_sync.address import Address
from owui_sync.export.entry import EntryBuilder, ExportedEntry, key_problem
from owui_sync.export.secret_names import with_distinct_secrets
from owui_sync.export.tree import Tree
from owui_sync.kinds import KINDS
from owui_sync.kinds.base import Kind
from owui_sync.kinds.observed import ObservedResource
from owui_sync.plan.inventory import Inventory, is_secret
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import InventoryEntry
from owui_sync.resolve.graph import reads
from owui_sync.resolve.select import Selection, exactly, written
from owui_sync.values import Json, canonical
from owui_sync.wording import listed_briefly

DEFAULT_STACK = "default"

Owned = Mapping[tuple[str, str], Mapping[str, InventoryEntry]]
"""Kind and id of an object -> stack -> what its inventory says of it, whatever its key is now."""

_NAMED = 10
"""So many objects are named in a warning."""

_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Content:
    """What goes into the manifests.

    Args:
        stack: who is to own it.
        items: kind name -> entries, in the order of their keys; only kinds that have any.
        rules: `access_rules`, for objects of which the stack only owns the access.
        warnings: what had to be left out, and why.
        only: patterns of what is exported; empty for everything.
        exclude: patterns of what is not, among it all that the stack owns and that is not in the manifests.
    """

    stack: str
    items: Mapping[str, tuple[ExportedEntry, ...]]
    rules: tuple[Json, ...] = ()
    warnings: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


def wanted(selection: Selection) -> frozenset[str]:
    """Return what must be read from the server for an export, in the words of `Field.reads`."""
    kinds = selection.kinds or KINDS.keys()
    all_fields = (reads(kind, "", [f.name for f in KINDS[kind].fields]) for kind in kinds)
    return frozenset().union(*all_fields, *(KINDS[kind].provides for kind in kinds))


def chosen(snapshot: Snapshot, selection: Selection, stack: str | None = None) -> list[ObservedResource]:
    """Return the objects to export, by kind and key: of several with one name the one that a stack owns, or none.

    Args:
        snapshot: the server, read with `wanted`, and with all inventories unless `stack` is given.
        selection: what to export.
        stack: only what this stack owns, which is the stack of the snapshot's inventory; None: everything.
    """
    owned = _owned(snapshot)
    found = [_one(owned, lives, stack) for address, lives in snapshot.objects.items() if address in selection]
    return sorted((live for live in found if live), key=lambda live: (_RANK[live.kind], live.key))


def content_of(
    snapshot: Snapshot,
    selection: Selection,
    stack: str | None = None,
    trees: Mapping[tuple[str, str], Tree] | None = None,
    *,
    every_secret: bool = False,
) -> Content:
    """Return the content of a server.

    Args:
        snapshot: as for `chosen`; what that gives is known in full.
        selection: as for `chosen`.
        stack: as for `chosen`.
        trees: kind and id -> the files that an object holds; None: they are not exported.
        every_secret: as for `EntryBuilder`.
    """
    lives = chosen(snapshot, selection, stack)
    owned = _owned(snapshot)
    export = _Export(snapshot, stack, trees or {}, stack or _owner(owned, lives), owned, every_secret)
    items = with_distinct_secrets(item for live in lives for item in export.items(live))
    by_kind = {kind: tuple(found) for kind, found in groupby(items, key=lambda item: item.kind)}
    rules = tuple(export.rules[access] for access in sorted(export.rules))
    unclear = (*_unclear(snapshot, owned, selection, stack, lives), *_unnamed(snapshot, selection))
    warnings = (*snapshot.warnings, *unclear, *export.warnings, *_unsaid(lives))
    return Content(
        export.stack,
        by_kind,
        rules,
        tuple(dict.fromkeys(warnings)),
        tuple(map(written, selection.only)),
        tuple(map(written, (*selection.exclude, *export.owned_besides(selection)))),
    )


def _owned(snapshot: Snapshot) -> Owned:
    inventories: Iterable[Inventory] = (snapshot.inventory, *snapshot.others.values())
    owned: dict[tuple[str, str], dict[str, InventoryEntry]] = {}
    for inventory in inventories:
        for address, record in inventory.records.items():
            owned.setdefault((Address.parse(address).kind, record.id), {})[inventory.stack] = record
    return owned


def _one(owned: Owned, lives: tuple[ObservedResource, ...], stack: str | None) -> ObservedResource | None:
    ours = [live for live in lives if _records(owned, live)]
    if stack:
        return next((live for live in ours if stack in _records(owned, live)), None)
    if len(ours) == 1:
        return ours[0]
    return lives[0] if len(lives) == 1 else None


def _records(owned: Owned, live: ObservedResource) -> Mapping[str, InventoryEntry]:
    """Return stack -> what its inventory says of an object that it owns."""
    return owned.get((live.kind, live.id), {})


def _owners(owned: Owned, lives: Iterable[ObservedResource]) -> list[str]:
    return sorted({stack for live in lives for stack in _records(owned, live)})


def _owner(owned: Owned, lives: Iterable[ObservedResource]) -> str:
    """Return the stack for the configuration: the one that owns what is exported, if there is just one."""
    owners = _owners(owned, lives)
    return owners[0] if len(owners) == 1 else DEFAULT_STACK


def _unclear(
    snapshot: Snapshot, owned: Owned, selection: Selection, stack: str | None, lives: list[ObservedResource]
) -> Iterator[str]:
    """Yield warnings about what is not clear: who owns the objects, and which one a name means."""
    if not stack and len(owners := _owners(owned, lives)) > 1:
        yield (
            f"the objects belong to several stacks ({', '.join(owners)}): a plan of them all needs --take-over; "
            "--stack exports one stack"
        )
    found = {live.address for live in lives}
    for address, some in snapshot.objects.items():
        if not stack and address in selection and address not in found:
            ids = ", ".join(live.id for live in some)
            yield f"{address} is left out: the server has {len(some)} of that name ({ids})"


def _unnamed(snapshot: Snapshot, selection: Selection) -> Iterator[str]:
    """Yield warnings about objects that no key can name: they cannot stand in a manifest."""
    for kind, names in snapshot.names.unnamed.items():
        left_out = [name for name in names if f"{kind}/{name}" in selection]
        if left_out:
            count = _counted(len(left_out), KINDS[kind])
            shown = _listed([name or "(no name)" for name in left_out])
            yield f"{count} left out, for a name that no key can have, or below such a one: {shown}"


def _unsaid(lives: Iterable[ObservedResource]) -> Iterator[str]:
    """Yield warnings about what is set on the server and no field of a manifest says."""
    found: dict[tuple[str, str], list[str]] = {}
    for live in lives:
        for what in KINDS[live.kind].unsaid(live.row):
            found.setdefault((live.kind, what), []).append(live.key)
    for (kind, what), keys in found.items():
        yield f"`{what}` of {_counted(len(keys), KINDS[kind])} not exported, as no field says it: {_listed(keys)}"


def _counted(count: int, kind: Kind) -> str:
    return f"1 {kind.name} is" if count == 1 else f"{count:,} {kind.section} are"


def _listed(names: list[str]) -> str:
    return listed_briefly([f"`{name}`" for name in names], _NAMED)


@dataclass(slots=True)
class _Export:
    """One export under way."""

    snapshot: Snapshot
    only_stack: str | None
    trees: Mapping[tuple[str, str], Tree]
    stack: str
    owned: Owned
    every_secret: bool
    warnings: list[str] = field(default_factory=list)
    rules: dict[bytes, Json] = field(default_factory=dict)
    exported: set[tuple[str, str]] = field(default_factory=set)

    def items(self, live: ObservedResource) -> Iterator[ExportedEntry]:
        """Yield the entry of an object; none for one that has to stay out, or that only a rule is about."""
        if problem := key_problem(live):
            self.warnings.append(f"{live.address} is left out: {problem}")
            return
        records = _records(self.owned, live)
        hidden = {path for record in records.values() for path, known in record.fields.items() if is_secret(known)}
        own = records.get(self.stack)
        entering = EntryBuilder(live, self.snapshot, hidden, self.trees.get((live.kind, live.id)), self.every_secret)
        item = entering.item(self._limit(live, own)).leaving_alone(own.fields if own else ())
        self.warnings += entering.warnings
        self.exported.add((live.kind, live.id))
        if own and own.partial and item.fields.keys() <= {"access"}:
            self._add_rule(live, item)
        elif item.fields or not KINDS[live.kind].is_permanent(live.key):
            yield item.kept() if own and own.keep else item

    def owned_besides(self, selection: Selection) -> Iterator[tuple[str, str]]:
        """Return patterns of what the stack owns and the manifests do not hold: a plan of them would delete it."""
        inventories: Iterable[Inventory] = (self.snapshot.inventory, *self.snapshot.others.values())
        there = self.snapshot.by_id()
        for inventory in inventories:
            for address, record in inventory.records.items() if inventory.stack == self.stack else ():
                kind = KINDS[Address.parse(address).kind]
                object = (kind.name, record.id)
                left_out = object in there and object not in self.exported
                key = Address.parse(address).key
                stays = kind.is_permanent(key) or kind.is_released(key)
                if left_out and address in selection and not stays:
                    yield exactly(address)

    def _limit(self, live: ObservedResource, record: InventoryEntry | None) -> frozenset[str] | None:
        """Return the paths to export, where the stack does not own all of an object."""
        if self.only_stack and record and (record.partial or KINDS[live.kind].is_permanent(live.key)):
            return frozenset(record.fields)
        return None

    def _add_rule(self, live: ObservedResource, item: ExportedEntry) -> None:
        access = item.fields.get("access", "private")
        rule = self.rules.setdefault(canonical(access), {"models": [], "access": access})
        rule["models"].append(exactly(live.address)[1])
