"""Plans what is deleted, released or only given up: what no manifest names, and what must be absent."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from owui_sync.address import Address
from owui_sync.errors import Diagnostic
from owui_sync.kinds import KINDS
from owui_sync.kinds.observed import ObservedResource
from owui_sync.manifest.desired import AbsentEntry
from owui_sync.plan.difference import default, differences, is_hidden
from owui_sync.plan.draft import Draft
from owui_sync.plan.inventory import is_secret
from owui_sync.plan.options import Options
from owui_sync.plan.ownership import OwnershipConflict
from owui_sync.plan.precondition import precondition
from owui_sync.plan.released import released
from owui_sync.plan.replacement import origin
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Action, Change, FieldChange, InventoryEntry
from owui_sync.values import Position, same


def refuse_kept(draft: Draft, live: ObservedResource, record: InventoryEntry | None, source: Position | None) -> None:
    """Refuse to delete an object that was applied with `keep: true`."""
    if record and record.keep:
        hint = "write its entry again; to delete it, first apply it with `keep: false`"
        message = f"{live.address} has `keep: true` and would be deleted"
        draft.refusals.append(Diagnostic(message, str(source) if source else None, hint))


def plan_orphan(draft: Draft, address: str, record: InventoryEntry, wanted: Container[str]) -> None:
    """Plan for an object of the inventory that no manifest names any more; a `wanted` key is another object's."""
    name, key = Address.parse(address)
    live, kind = _orphan(draft.snapshot, address, record), KINDS[name]
    if name in draft.snapshot.names.switched_off:
        draft.warnings.append(f"{address} stays as it is: the server has {kind.section} switched off, and shows none")
    elif live is None or kind.is_released(key) or live.address in wanted:
        draft.warnings += released(live, record, {}) if live else []
        draft.settled[address] = None
    elif owner := draft.snapshot.owner(live.address, live.id):
        draft.settled[address] = None
        draft.warnings.append(f"{address} belongs to stack {owner!r} by now: it stays and is given up here")
    elif kind.is_permanent(key) or ((record.partial or kind.is_overlay(live)) and not _is_bare(live, record)):
        _plan_release(draft, live, record)
    elif draft.options.delete:
        other = live.key if live.key != key else None
        _plan_delete(
            draft,
            live,
            record,
            Change(
                action=Action.DELETE,
                kind=name,
                key=key,
                id=live.id,
                source=None,
                fields=(),
                precondition="",
                reason=_why_orphaned(record, draft.options)
                + (f"; is {other} on the server" if other else "")
                + origin(record),
                moved_from=other,
            ),
        )
    else:
        draft.retained.append(address)


def _orphan(snapshot: Snapshot, address: str, record: InventoryEntry) -> ObservedResource | None:
    """Return the object of a record, whatever its key is now; without an id the only one that has its key."""
    if record.id:
        return snapshot.find(address, record.id) or snapshot.by_id().get((Address.parse(address).kind, record.id))
    lives = snapshot.objects.get(address, ())
    return lives[0] if len(lives) == 1 else None


def _why_orphaned(record: InventoryEntry, options: Options) -> str:
    if not record.id:
        return "left by a run that did not end, and not in the manifests"
    return "no longer covered by access_rules" if record.partial else options.orphaned


def _is_bare(live: ObservedResource, record: InventoryEntry) -> bool:
    """Return whether an object holds nothing but what the stack applied, so that nothing of others is lost with it."""
    return all(path in record.fields or same(value, default(live, path)) for path, value in live.values.items())


def _plan_release(draft: Draft, live: ObservedResource, record: InventoryEntry) -> None:
    """Reset what was applied and keep the object: it is always there, or others set more on it."""
    fields = differences({}, live, record, draft.salt)
    if not fields:
        draft.settled[live.address] = None
        return
    draft.changes.append(
        Change(
            action=Action.UPDATE,
            kind=live.kind,
            key=live.key,
            id=live.id,
            source=None,
            fields=fields,
            precondition=precondition(live, secret_paths(fields, record, live)),
            reason=_why_orphaned(record, draft.options)
            + ("" if KINDS[live.kind].is_permanent(live.key) else "; it stays, as more is set on it"),
        )
    )


def plan_absent(draft: Draft, gone: AbsentEntry) -> None:
    """Plan to delete what stands under `absent`, whoever made it."""
    for live in draft.snapshot.objects.get(gone.address, ()):
        if any(change.action is Action.DELETE and change.id == live.id for change in draft.changes):
            continue
        record = draft.records.get(gone.address)
        reason = "named under `absent`" + (origin(record) if record and record.id == live.id else "")
        if not draft.options.delete:
            draft.retained.append(gone.address)
        elif (owner := draft.snapshot.owner(live.address, live.id)) and not draft.options.take_over:
            draft.foreign.append(OwnershipConflict(gone.address, owner, gone.source))
        else:
            _plan_delete(
                draft,
                live,
                record,
                Change(Action.DELETE, live.kind, live.key, live.id, gone.source, (), "", reason=reason),
            )


def _plan_delete(draft: Draft, live: ObservedResource, record: InventoryEntry | None, change: Change) -> None:
    refuse_kept(draft, live, record, change.source)
    draft.changes.append(replace(change, precondition=precondition(live, secret_paths((), record, live))))


def secret_paths(fields: tuple[FieldChange, ...], record: InventoryEntry | None, live: ObservedResource) -> list[str]:
    """Return the paths whose values may not go into a precondition in clear."""
    known = [path for path, known in record.fields.items() if is_secret(known)] if record else []
    hidden = [path for path in live.values if is_hidden(live.kind, live.key, path, live.values)]
    return [*known, *hidden, *(change.path for change in fields if change.secret)]
