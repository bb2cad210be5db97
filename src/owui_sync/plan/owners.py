"""Objects that belong to one user: each account only sees its own notes, folders and automations.

Where two administrators apply one stack, what belongs to the other one is not in any list that is read, and yet it is
there: it is left alone, and the plan says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from owui_sync.address import Address
from owui_sync.errors import Diagnostic
from owui_sync.kinds import KINDS
from owui_sync.kinds.observed import ObservedResource
from owui_sync.manifest.desired import Entry, Move
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import InventoryEntry
from owui_sync.wording import listed_briefly

_LISTED = 10


def owner_of(live: ObservedResource) -> str:
    """Return the id of the user whose the object is; empty where the row does not tell, and for kinds of everybody."""
    return str(live.row.get("user_id") or "") if KINDS[live.kind].lifecycle.personal else ""


def depends_on_account(entries: Mapping[str, Entry], snapshot: Snapshot) -> bool:
    """Return whether it matters whose token it is: objects of a user are missing, or are about to be made."""
    if any(
        KINDS[entry.kind].lifecycle.personal and address not in snapshot.objects for address, entry in entries.items()
    ):
        return True
    return any(True for _ in _unseen(snapshot))


def _unseen(snapshot: Snapshot) -> Iterator[tuple[str, InventoryEntry]]:
    """Yield the records of objects that belong to a user and are not in the lists of this account."""
    ids = snapshot.by_id()
    for address, record in snapshot.inventory.records.items():
        kind = Address.parse(address).kind
        if record.owner and KINDS[kind].lifecycle.personal and (kind, record.id) not in ids:
            yield address, record


def of_others(snapshot: Snapshot) -> dict[str, str]:
    """Return address -> the id of the other account whose object it is.

    An account that is gone has nothing any more; where the server does not tell whose token it is, everything that
    cannot be seen may be another one's.
    """
    return {
        address: record.owner
        for address, record in _unseen(snapshot)
        if record.owner != snapshot.account and snapshot.names.key("user", record.owner) is not None
    }


def why_new(snapshot: Snapshot, record: InventoryEntry | None) -> str:
    """Return why an object is made, for a person."""
    if record is None or not record.id:
        return "new"
    gone = record.owner and snapshot.names.key("user", record.owner) is None
    return "the account that it belonged to is gone" if gone else "was deleted on the server"


def with_new_keys(others: Mapping[str, str], moved: Iterable[Move]) -> dict[str, str]:
    """Return the same, and the new keys that the manifests want these objects to have."""
    return {**others, **{move.after: others[move.before] for move in moved if move.before in others}}


def warnings(others: Mapping[str, str], snapshot: Snapshot) -> Iterator[str]:
    """Yield one sentence for each other account."""
    for owner in dict.fromkeys(others.values()):
        addresses = [address for address, id in others.items() if id == owner and address in snapshot.inventory.records]
        yield (
            f"left alone, because they belong to the account {_name(owner, snapshot)}: "
            f"{listed_briefly(addresses, _LISTED)}; apply with a token of that account, or give them up with "
            "`owui-sync state forget KIND/KEY`"
        )


def unusable(user: str, address: str, where: str, others: Mapping[str, str], snapshot: Snapshot) -> Diagnostic:
    """Return the problem of something that names an object of another account."""
    message = f"{user} names {address}, which belongs to the account {_name(others[address], snapshot)}"
    return Diagnostic(message, where, "apply with a token of that account")


def _name(owner: str, snapshot: Snapshot) -> str:
    return snapshot.names.key("user", owner) or owner
