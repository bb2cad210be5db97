"""What the server hides from this account: a list that is filtered by access must not be taken for the whole.

With `BYPASS_ADMIN_ACCESS_CONTROL=false` the lists of the kinds with `Visibility.READABLE`, and the list of the
inventories, lack what others own and do not share with this administrator. No route tells the setting: it shows in
models that are there and left out of a list, in the number of knowledge bases (since 0.9.6), and in objects that an
administrator may only read. Where there are none, nobody can know; but since 0.9.6 no knowledge base is hidden then,
and of the kinds whose lists are filtered this is the one that may have two objects of one name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from owui_sync.address import Address
from owui_sync.client.api import knowledge, models
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.reader import Reader
from owui_sync.errors import Diagnostic
from owui_sync.kinds import KINDS
from owui_sync.kinds.lifecycle import Visibility
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Action, Change, Plan
from owui_sync.wording import counted, listed_briefly

REMEDY = "set BYPASS_ADMIN_ACCESS_CONTROL=true (the default) on the server, or share the objects with this account"


@dataclass(frozen=True, slots=True)
class Hiding:
    """What shows that a server hides objects from this administrator; false where nothing shows it.

    Args:
        hidden: addresses, or the number, of objects that are there and that a list lacks.
        signs: addresses of objects that show the setting, in words; nobody knows then what is hidden.
    """

    hidden: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.hidden or self.signs)

    @property
    def words(self) -> str:
        """For a message."""
        shown = listed_briefly(self.hidden or self.signs, 1)
        whole = "its lists are not the whole" if self.hidden else "its lists may not be the whole"
        return f"the server hides from this administrator what others own and do not share ({shown}), so {whole}"


async def find_hiding(reader: Reader, rows: Iterable[tuple[str, Mapping[str, Any]]], bases: int | None) -> Hiding:
    """Look whether the server hides objects from this administrator.

    Args:
        rows: address and row of objects in lists that are filtered by access.
        bases: how many knowledge bases are hidden, as `knowledge.hidden` tells.

    Requests: none where a base is hidden; else as `models.hidden`; where that and the rows tell nothing, as
    `models.withheld`.
    """
    if bases:
        return Hiding(hidden=(counted(bases, "knowledge base"),))
    if hidden := await models.hidden(reader):
        return Hiding(hidden=tuple(f"model/{name}" for name in hidden))
    # Before 0.8 rows say of all that others own that it may only be read.
    read_only = [address for address, row in rows if row.get("write_access") is False]
    if read_only and await can(reader, Feature.GRANTS):
        return Hiding(signs=tuple(f"{address} may only be read" for address in read_only))
    return Hiding(signs=tuple(f"model/{name} is not in the menu" for name in await models.withheld(reader)))


async def hidden_from(reader: Reader, plan: Plan, snapshot: Snapshot, *, take_over: bool) -> tuple[Diagnostic, ...]:
    """Return why a plan is refused that rests on lists from which the server leaves out what others own.

    What the stack owns and the account sees is managed all the same, and a key that the server keeps unique may be
    made: the server knows. What nobody knows is refused: whether an object of another kind is really missing, and
    whether one that is not in our inventory stands in another one, which is hidden.

    Args:
        take_over: go on with what can be seen.

    Requests: none for a plan that rests on nothing but what was seen; else as `knowledge.hidden`, and as `find_hiding`
    unless the plan only makes knowledge bases of which none is hidden.
    """
    new = [change for change in plan.changes if _may_be_double(change)]
    lost = [address for address, record in plan.settled.items() if record is None and _is_lost(address, snapshot)]
    others = [change for change in plan.changes if _may_be_anothers(change, snapshot)]
    if take_over or not (new or lost or others):
        return ()
    bases = await _hidden_bases(reader, snapshot)
    if bases == 0:
        new = [change for change in new if not _is_base(change.address)]
        lost = [address for address in lost if not _is_base(address)]
        if not (new or lost or others):
            return ()
    hiding = await find_hiding(reader, _rows(snapshot), bases)
    return (Diagnostic(hiding.words, hint=REMEDY), *_unknown(new, lost, others)) if hiding else ()


def _is_base(address: str) -> bool:
    return Address.parse(address).kind == "knowledge"


async def _hidden_bases(reader: Reader, snapshot: Snapshot) -> int | None:
    """Return how many knowledge bases are hidden, as far as that can be known. Requests: as `knowledge.hidden`."""
    seen = sum(live.kind == "knowledge" for lives in snapshot.objects.values() for live in lives)
    return await knowledge.hidden(reader, _anybody(snapshot), seen)


def _anybody(snapshot: Snapshot) -> str:
    """Return the id of some user: everybody is in the list that every snapshot is read with."""
    return snapshot.names.ids("user", snapshot.names.keys("user")[0])[0]


async def warn_of_hidden(reader: Reader, snapshot: Snapshot) -> tuple[str, ...]:
    """Return a warning where lists lack something, or may. Requests: as `knowledge.hidden` and `find_hiding`."""
    hiding = await find_hiding(reader, _rows(snapshot), await _hidden_bases(reader, snapshot))
    return (f"{hiding.words}: {REMEDY}",) if hiding else ()


def is_private_of_another(row: Mapping[str, Any], user_id: str) -> bool:
    """Return whether only an administrator who sees everything gets this row of a list, by its owner and its access."""
    grants = row.get("access_grants")
    if row.get("user_id") in (None, user_id):
        return False
    return grants == [] if grants is not None else row.get("access_control") == {}


def _rows(snapshot: Snapshot) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give address and row of what the lists that are filtered by access have."""
    for lives in snapshot.objects.values():
        for live in lives:
            if KINDS[live.kind].lifecycle.visibility is Visibility.READABLE:
                yield live.address, live.row


def _may_be_double(change: Change) -> bool:
    life = KINDS[change.kind].lifecycle
    return change.action is Action.CREATE and life.visibility is Visibility.READABLE and not life.unique


def _is_lost(address: str, snapshot: Snapshot) -> bool:
    """Return whether an object of the inventory is forgotten because its list no longer has it."""
    kind, record = Address.parse(address).kind, snapshot.inventory.records.get(address)
    return bool(
        record
        and record.id
        and KINDS[kind].lifecycle.visibility is Visibility.READABLE
        and (kind, record.id) not in snapshot.by_id()
    )


def _may_be_anothers(change: Change, snapshot: Snapshot) -> bool:
    """Return whether a change takes or deletes an object that only the inventory of another stack could claim."""
    owned = change.address in snapshot.inventory.records or change.live_address in snapshot.inventory.records
    return change.action in (Action.ADOPT, Action.DELETE) and not owned


def _unknown(new: Iterable[Change], lost: Iterable[str], others: Iterable[Change]) -> Iterator[Diagnostic]:
    seen = "--take-over goes on with what can be seen"
    for change in new:
        yield Diagnostic(f"{change.address} may be there already, and hidden", _place(change), seen)
    for address in lost:
        yield Diagnostic(f"{address} of this stack is no longer to be seen: it may be hidden, or deleted", None, seen)
    for change in others:
        yield Diagnostic(f"{change.address} may belong to a stack whose inventory is hidden", _place(change), seen)


def _place(change: Change) -> str | None:
    return str(change.source) if change.source else None
