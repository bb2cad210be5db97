"""The plan: what is desired, what is there and what was last applied, brought together. Pure; reads and writes nothing.

Read `make_plan` first: each step adds to a draft, and every problem is collected before the first one is raised.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from owui_sync.errors import Diagnostic, ManifestError
from owui_sync.kinds import KINDS
from owui_sync.kinds.observed import ObservedResource
from owui_sync.manifest.desired import AbsentEntry, AccessRule, Entry, Move
from owui_sync.plan import order, owners
from owui_sync.plan.claims import claim_words, is_foreign
from owui_sync.plan.compatibility import can_move, too_new
from owui_sync.plan.defaults import with_defaults
from owui_sync.plan.deferred import without_deferred
from owui_sync.plan.difference import differences, new_fields, record_of
from owui_sync.plan.draft import Draft
from owui_sync.plan.duplicates import doubles
from owui_sync.plan.exact_lists import removals_of_others
from owui_sync.plan.id_references import mark, with_names
from owui_sync.plan.lockout import closed_doors, lockouts
from owui_sync.plan.moves import collisions, include_child_moves, is_due, rename_in_snapshot, renamed
from owui_sync.plan.options import Options
from owui_sync.plan.owners import of_others, owner_of, why_new, with_new_keys
from owui_sync.plan.ownership import OwnershipConflict, conflicts
from owui_sync.plan.precondition import claim, precondition
from owui_sync.plan.references import check_references, check_rules
from owui_sync.plan.released import released
from owui_sync.plan.removals import plan_absent, plan_orphan, refuse_kept, secret_paths
from owui_sync.plan.replacement import anew, origin, why_anew
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Action, Cause, Change, FieldChange, InventoryEntry, Plan
from owui_sync.wording import listed_briefly


def make_plan(
    entries: Mapping[str, Entry],
    absent: Iterable[AbsentEntry],
    snapshot: Snapshot,
    options: Options,
    moved: Sequence[Move] = (),
    rules: Iterable[AccessRule] = (),
) -> Plan:
    """Return the smallest set of changes that makes the server match.

    Args:
        entries: address -> entry, with `access_rules` worked in.
        absent: what must not exist.
        moved: keys that changed.
        rules: those that were worked in.

    Raises:
        ManifestError: an entry cannot be planned: a name that is nowhere, two objects with one name, a missing field.
    """
    claims = not options.claim and is_foreign(entries, moved, snapshot)
    others = with_new_keys(of_others(snapshot), moved)
    entries = {address: entry for address, entry in entries.items() if address not in others}
    asked = [move for move in moved if is_due(move, snapshot) and move.before not in others]
    due = include_child_moves([*asked, *renamed(entries, snapshot)], entries, snapshot)
    snapshot = rename_in_snapshot(snapshot, [(move.kind, move.old, move.new) for move in due])
    draft = Draft(snapshot, options, warnings=list(snapshot.warnings), moves={move.after: move for move in due})
    entries = with_defaults(with_names(entries, snapshot.names), snapshot, draft.problems)
    draft.problems += collisions(due)
    entries, awaited = without_deferred(entries, snapshot, draft.warnings, draft.moves)
    selected = {address: entry for address, entry in entries.items() if address in options.selection}
    draft.problems += too_new(selected.values(), snapshot.server.version)
    for entry in selected.values():
        _plan_entry(draft, entry)
    wanted = entries.keys() | awaited.keys() | others.keys() | {move.before for move in draft.moves.values()}
    for address in (known for known in draft.records if known not in wanted and known in options.selection):
        plan_orphan(draft, address, draft.records[address], wanted)
    for gone in (name for name in absent if name.address in options.selection):
        plan_absent(draft, gone)
    ours = dict.fromkeys(address for address in (*selected, *draft.records) if address in options.selection)
    draft.warnings += [*doubles(ours, snapshot), *owners.warnings(others, snapshot)]
    draft.warnings += [claim_words(snapshot.inventory)] if claims else []
    _check_names(draft, selected, entries, awaited, rules, others)
    refusals = _refusals(draft)
    chosen = tuple(address for address in awaited if address in options.selection)
    return _plan(draft, order.ordered(draft.changes, selected, snapshot), chosen, claims, refusals)


def _plan(
    draft: Draft, changes: tuple[Change, ...], awaited: tuple[str, ...], claims: bool, refusals: tuple[Diagnostic, ...]
) -> Plan:
    """Return the plan of a draft in which nothing is wrong."""
    snapshot = draft.snapshot
    changes = order.with_last(changes, frozenset(closed_doors(changes, snapshot)))
    return Plan(
        stack=snapshot.inventory.stack,
        server=snapshot.server,
        changes=tuple(replace(change, claim=claim(change, draft.records)) for change in changes),
        unchanged=tuple(draft.unchanged),
        awaited=awaited,
        settled=draft.settled,
        want=snapshot.want,
        owned=len(draft.records),
        serial=snapshot.inventory.serial,
        warnings=tuple(dict.fromkeys(draft.warnings)),
        message=draft.options.message,
        claims=claims,
        account=snapshot.account,
        refusals=refusals,
    )


def _check_names(
    draft: Draft,
    selected: Mapping[str, Entry],
    entries: Mapping[str, Entry],
    awaited: Mapping[str, Entry],
    rules: Iterable[AccessRule],
    others: Mapping[str, str],
) -> None:
    rules = [rule for rule in rules if _concerns(rule, selected, draft.options)]
    snapshot, problems, warnings = draft.snapshot, draft.problems, draft.warnings
    check_rules(rules, selected, entries, awaited, draft.changes, snapshot, problems, warnings)
    check_references(selected, entries, draft.changes, snapshot, problems, warnings, rules, draft.unchanged, others)


def _concerns(rule: AccessRule, selected: Mapping[str, Entry], options: Options) -> bool:
    """Return whether a run is about a rule: with `--only` it is when a selected model gets its access by it."""
    covers = (entry.where("access") == rule.source for entry in selected.values() if entry.kind == "model")
    within = options.selection.within
    return not (options.selection.only or (within and within.only)) or any(covers)


def _refusals(draft: Draft) -> tuple[Diagnostic, ...]:
    """Return why rules of safety forbid the draft. Raises ManifestError with all that is wrong with it."""
    if draft.retained:
        draft.warnings.append(f"not deleted because of --no-delete: {listed_briefly(draft.retained, 10)}")
    if draft.problems:
        raise ManifestError.of(draft.problems)
    refused = [*conflicts(draft.foreign), *draft.refusals]
    closed = [door for doors in closed_doors(draft.changes, draft.snapshot).values() for door in doors]
    if draft.options.allow_lockout:
        draft.warnings += [door.message for door in closed]
    else:
        refused += [*lockouts(draft.changes, draft.snapshot), *closed]
    return tuple(dict.fromkeys(refused))


def _plan_entry(draft: Draft, entry: Entry) -> None:
    move = draft.moves.get(entry.address)
    address = move.before if move else entry.address
    record = draft.records.get(address) or draft.records.get(entry.address)
    lives = draft.snapshot.objects.get(address, ())
    live = draft.snapshot.find(address, record.id) if record else None
    if live is None and len(lives) > 1:
        draft.problems.append(_ambiguous(entry, lives))
        return
    kind, there, names = KINDS[entry.kind], live or next(iter(lives), None), draft.snapshot.names
    if not entry.partial:
        draft.warnings += kind.remarks(entry.key, entry.values, there, names)
    draft.problems += [
        Diagnostic(f"{entry.address}: {message}", str(entry.where(path)), hint)
        for path, message, hint in kind.problems(entry.key, entry.values, there, names)
    ]
    if live is None and not lives:
        _plan_new(draft, entry, record)
        return
    known = record if live else None
    _plan_existing(draft, entry, live or lives[0], known, move)


def _ambiguous(entry: Entry, lives: tuple[ObservedResource, ...]) -> Diagnostic:
    ids = ", ".join(live.id for live in lives)
    return Diagnostic(
        f"the server has {len(lives)} objects {entry.address} (ids {ids}), and none is known to be this stack's",
        str(entry.source),
        "rename or delete all but one on the server, then plan again",
    )


def _plan_new(draft: Draft, entry: Entry, record: InventoryEntry | None) -> None:
    draft.problems += [
        Diagnostic(f"{entry.address} is not on the server, and a new one needs `{name}`", str(entry.source))
        for name in KINDS[entry.kind].missing(entry.key, entry.values)
    ]
    lost = bool(record and record.id)
    owner = (draft.snapshot.account or "") if KINDS[entry.kind].lifecycle.personal else ""
    after = record_of(entry, "", record, draft.salt, partial=entry.partial, owner=owner)
    draft.changes.append(
        Change(
            action=Action.CREATE,
            kind=entry.kind,
            key=entry.key,
            id=None,
            source=entry.source,
            fields=new_fields(entry, Cause.DRIFT if lost else Cause.MANIFEST),
            precondition=precondition(None),
            reason=why_new(draft.snapshot, record),
            record=replace(after, adopted=False),
        )
    )


def _plan_existing(
    draft: Draft, entry: Entry, live: ObservedResource, record: InventoryEntry | None, move: Move | None
) -> None:
    owner = draft.snapshot.owner(live.address, live.id) if record is None else None
    if owner and not draft.options.take_over:
        draft.foreign.append(OwnershipConflict(entry.address, owner, entry.source))
        return
    fields = differences(entry.values, live, record, draft.salt, entry.leaves_alone)
    partial = entry.partial and (record is None or record.partial)
    draft.warnings += released(live, record, entry.values)
    whose = owner_of(live) or (record.owner if record else "")
    after = record_of(entry, live.id, record, draft.salt, partial=partial, owner=whose)
    if not draft.options.take_over:
        draft.refusals += removals_of_others(entry, fields, record)
    if record is not None and not fields and not move:
        draft.unchanged.append(entry.address)
        full = mark(live.marker, live.kind, live.values, after.fields, draft.snapshot.names)
        after = replace(after, marker=record.marker if live.unknown else full)
        if after != record:
            draft.settled[entry.address] = after
        return
    if record is None:
        after = replace(after, adopted=_is_adopted(draft, entry))
    action = Action.ADOPT if record is None else Action.UPDATE
    reason = f"taken over from stack {owner!r}" if owner else "" if record else "on the server already, now managed"
    if move:
        ours = entry.address in draft.records
        action, reason = Action.MOVE, f"was renamed to {move.old} on the server" if ours else f"was {move.old}"
    rewritten: tuple[FieldChange, ...] = ()
    if move and not can_move(entry.kind, draft.snapshot.server.version):
        action, reason = Action.REPLACE, why_anew(entry, live) + origin(record)
        after = replace(after, id="", adopted=False)
        fields, rewritten = anew(entry, live, fields)
        refuse_kept(draft, live, record, entry.source)
    draft.changes.append(
        Change(
            action=action,
            kind=entry.kind,
            key=entry.key,
            id=live.id,
            source=entry.source,
            fields=fields,
            rewritten=rewritten,
            precondition=precondition(live, secret_paths((*fields, *rewritten), record, live)),
            reason=reason,
            record=after,
            moved_from=move.old if move else None,
            taken_from=owner,
        )
    )


def _is_adopted(draft: Draft, entry: Entry) -> bool | None:
    """Return whether an object that is taken now was made by somebody else.

    That is not known where a run of ours was cut short.
    """
    pending = draft.records.get(entry.address)
    return None if pending and not pending.id else True
