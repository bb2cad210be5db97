"""What differs between two servers, as the plan that would make one like the other. Pure.

Both sides are compared in the words of manifests and in full: also what is at its default on one of them, and what an
export leaves out because a manifest cannot say it. What no field of a kind says is not compared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from owui_sync.address import Address
from owui_sync.client.versions import Version
from owui_sync.kinds import KINDS
from owui_sync.kinds.files.holder import files_field
from owui_sync.kinds.observed import ObservedResource
from owui_sync.plan.difference import current, default, is_hidden
from owui_sync.plan.order import ordered
from owui_sync.plan.precondition import precondition
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Action, Cause, Change, FieldChange, Plan
from owui_sync.resolve.select import Selection
from owui_sync.values import ABSENT, same
from owui_sync.wording import listed_briefly

STACK = "clone"
"""The stack of a copy, and of a comparison, which nobody owns."""

_NAMED = 10
"""So many objects are named in a warning."""

_Pair = tuple[ObservedResource | None, ObservedResource | None]


@dataclass(frozen=True, slots=True)
class Side:
    """One of two servers.

    Args:
        name: of the target.
        snapshot: all of its selected objects in full.
    """

    name: str
    snapshot: Snapshot


def compare(source: Side, destination: Side, selection: Selection) -> Plan:
    """Return the plan that would make the destination like the source; nobody can apply it.

    What only the destination has is a delete.
    """
    changes: list[Change] = []
    unchanged: list[str] = []
    for address in dict.fromkeys((*source.snapshot.objects, *destination.snapshot.objects)):
        if address not in selection or _is_missing_area(source, destination, address):
            continue
        found = [_change(source, destination, pair) for pair in _pairs(source, destination, address)]
        changes += [change for change in found if change]
        unchanged += [] if any(found) else [address]
    return Plan(
        stack=STACK,
        server=destination.snapshot.server,
        changes=ordered(changes, {}, destination.snapshot),
        unchanged=tuple(unchanged),
        want=destination.snapshot.want,
        warnings=tuple(dict.fromkeys((*_warnings(source, selection), *_warnings(destination, selection)))),
    )


def _is_missing_area(source: Side, destination: Side, address: str) -> bool:
    """Return whether one server is too old for what others have by themselves, such as an area of settings."""
    kind, key = Address.parse(address)
    objects = (source.snapshot.objects, destination.snapshot.objects)
    return KINDS[kind].is_permanent(key) and not all(address in some for some in objects)


def _pairs(source: Side, destination: Side, address: str) -> Iterator[_Pair]:
    """Yield the objects of one name two by two: equal ones first, where a server has several."""
    wanted = list(source.snapshot.objects.get(address, ()))
    there = list(destination.snapshot.objects.get(address, ()))
    if len(wanted) > 1 or len(there) > 1:
        for ours in tuple(wanted):
            equal = next((live for live in there if not _fields(source, destination, ours, live)), None)
            if equal:
                wanted.remove(ours)
                there.remove(equal)
    yield from zip(wanted, there, strict=False)
    yield from ((ours, None) for ours in wanted[len(there) :])
    yield from ((None, live) for live in there[len(wanted) :])


def _change(source: Side, destination: Side, pair: _Pair) -> Change | None:
    """Return what has to happen to an object of the destination, or None."""
    wanted, live = pair
    either = wanted or live
    assert either is not None
    action, reason = Action.UPDATE, ""
    fields: tuple[FieldChange, ...] = ()
    if wanted is None:
        action, reason = Action.DELETE, f"only on {destination.name}"
    elif live is None:
        action, reason = Action.CREATE, f"only on {source.name}"
        fields = tuple(
            FieldChange(path, ABSENT, value, Cause.MANIFEST, is_hidden(wanted.kind, wanted.key, path, wanted.values))
            for path, value in wanted.values.items()
            if not same(value, default(wanted, path))
        )
    else:
        fields = tuple(_fields(source, destination, wanted, live))
        if not fields:
            return None
    hidden = [path for path in live.values if is_hidden(live.kind, live.key, path, live.values)] if live else []
    id = live.id if live else None
    return Change(action, either.kind, either.key, id, None, fields, precondition(live, hidden), reason=reason)


def _fields(source: Side, destination: Side, wanted: ObservedResource, live: ObservedResource) -> Iterable[FieldChange]:
    """Return the fields that differ, of those that both servers know."""
    found = []
    for path in dict.fromkeys((*wanted.values, *live.values)):
        if not is_known(path, wanted, live, (source.snapshot, destination.snapshot)):
            continue
        before, after = current(live, path), current(wanted, path)
        if not same(before, after) and not (path == files_field(KINDS[live.kind]) and _are_like(before, after)):
            secret = any(is_hidden(each.kind, each.key, path, each.values) for each in (wanted, live))
            found.append(FieldChange(path, before, after, Cause.MANIFEST, secret))
    return found


def _are_like(before: Any, after: Any) -> bool:
    """Return whether files are the same as far as both servers know: before 0.9.6 one may not know a digest."""
    sides = [{file["path"]: file for file in files} for files in (before, after)]
    if sides[0].keys() != sides[1].keys() or len(before) != len(after):
        return False
    pairs = [(sides[0][place], sides[1][place]) for place in sides[0]]
    return all(
        one["size"] == other["size"] and (one["sha256"] == other["sha256"] or not (one["sha256"] and other["sha256"]))
        for one, other in pairs
    )


def is_known(path: str, wanted: ObservedResource, live: ObservedResource, servers: Collection[Snapshot]) -> bool:
    """Return whether both servers have a field: the older of two versions knows less.

    Args:
        path: of the field.
        wanted: the object on one server.
        live: the same one on the other.
        servers: both.
    """
    kind = KINDS[live.kind]
    field = kind.field(path)
    if not all(kind.is_known(path, snapshot.names) for snapshot in servers):
        return False
    if kind.is_permanent(live.key) and field.split is None and not (path in wanted.values and path in live.values):
        return False  # Of what every server has, each one gives all fields that it knows.
    oldest = min(Version.parse(snapshot.server.version) for snapshot in servers)
    return field.since is None or Version.parse(field.since) <= oldest


def _warnings(side: Side, selection: Selection) -> Iterator[str]:
    """Yield what a person should know of a server."""
    yield from (f"{side.name}: {warning}" for warning in side.snapshot.warnings)
    if nameless := sum(map(_without_digest, side.snapshot.objects.values())):
        yield f"{side.name}: the server does not know the digests of {nameless:,} files: their sizes are compared alone"
    for kind, names in side.snapshot.names.unnamed.items():
        if left_out := [name or "(no name)" for name in names if f"{kind}/{name}" in selection]:
            named = listed_briefly([f"`{name}`" for name in left_out], _NAMED)
            yield f"{side.name}: {KINDS[kind].section} whose names no key can have are not compared: {named}"


def _without_digest(lives: Iterable[ObservedResource]) -> int:
    """Return how many files of some objects have no digest on their server."""
    files = (file for live in lives for file in live.values.get(files_field(KINDS[live.kind]) or "", ()))
    return sum(not file["sha256"] for file in files)
