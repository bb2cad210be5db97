"""Takes an inventory over whose author is no administrator any more, as far as it can be believed.

Every user may upload a file that claims to be an inventory, and what is in one may be deleted by the next apply. So an
object is only taken over when it is there, is in no other stack, and was made by the very account that wrote the file:
such an account could have deleted it itself. Nothing is lost: the next apply adopts what the manifests write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from owui_sync.address import Address
from owui_sync.apply.inventory import save
from owui_sync.client.errors import ClientError
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError, StalePlan
from owui_sync.kinds import KINDS
from owui_sync.observe import observe
from owui_sync.observe.inventory import UntrustedInventory, read_inventory, read_stacks
from owui_sync.plan.inventory import Inventory, is_secret
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import InventoryEntry


@dataclass(frozen=True, slots=True)
class Adoption:
    """What would be taken over.

    Args:
        author: who wrote the inventory, for a person.
        serial: of that inventory.
        records: address -> what the stack will own beside what it owns already.
        refused: address -> why it is not taken over.
        current: the inventory of the stack that counts now; its files and those of the author go once it is written.
    """

    author: str
    serial: int
    records: Mapping[str, InventoryEntry]
    refused: Mapping[str, str]
    current: Inventory

    def same(self, other: Adoption) -> bool:
        """Return whether both would take the same over."""
        return (self.serial, self.records, self.refused) == (other.serial, other.records, other.refused)


async def find_adoption(reader: Reader, stack: str, serial: int | None = None) -> Adoption:
    """Return what can be taken over of an inventory of `stack` whose author is no administrator.

    Args:
        serial: of the inventory that is meant; None where there is only one.

    Raises:
        StalePlan: there is none with that serial.
        OwuiSyncError: there is none at all, or several authors wrote one.
    """
    _, disowned = await read_stacks(reader)
    files = [file for file in disowned if file.stack == stack]
    found = [(file, inventory) for file in files if (inventory := await _content(reader, file)).serial]
    if not found:
        raise OwuiSyncError(
            f"there is no inventory of stack {stack!r} to take over: none that was written by an account that is no "
            "administrator",
            hint="`owui-sync state list` shows what the stack owns",
        )
    file, inventory = _chosen(found, stack, serial)
    kinds = frozenset(Address.parse(address).kind for address in inventory.records)
    snapshot = await observe(reader, stack, kinds, lambda _: True)
    refused = {
        address: why
        for address, record in inventory.records.items()
        if (why := _why_not(address, record, file.author, snapshot))
    }
    records = {a: _believed(record) for a, record in inventory.records.items() if a not in refused}
    theirs = tuple(other.id for other in files if other.author == file.author)
    current = replace(snapshot.inventory, files=(*snapshot.inventory.files, *theirs))
    return Adoption(file.author_words, inventory.serial, records, refused, current)


async def adopt(writer: Writer, adoption: Adoption) -> Inventory:
    """Write the inventory that has it all. Changes no object."""
    current = replace(adoption.current, serial=max(adoption.current.serial, adoption.serial))
    return await save(writer, current, {**adoption.records, **current.records})


async def _content(reader: Reader, file: UntrustedInventory) -> Inventory:
    """Return what is in the file; an inventory with the serial 0 where it cannot be used."""
    try:
        return (await read_inventory(reader, file.stack, [{"id": file.id}]))[0]
    except ClientError:
        raise
    except OwuiSyncError:
        return Inventory(file.stack)


def _chosen(
    found: Iterable[tuple[UntrustedInventory, Inventory]], stack: str, serial: int | None
) -> tuple[UntrustedInventory, Inventory]:
    """Return the newest inventory of the one author who wrote any."""
    newest: dict[str, tuple[UntrustedInventory, Inventory]] = {}
    for file, inventory in found:
        if file.author not in newest or newest[file.author][1].serial < inventory.serial:
            newest[file.author] = file, inventory
    fitting = [each for each in newest.values() if serial in (None, each[1].serial)]
    known = "; ".join(f"serial {inventory.serial} by {file.author_words}" for file, inventory in newest.values())
    if not fitting:
        raise StalePlan(
            f"stack {stack!r} has no inventory with the serial {serial} to take over", hint=f"found: {known}"
        )
    if len(fitting) > 1:
        raise OwuiSyncError(
            f"several accounts wrote an inventory of stack {stack!r}, and one of them can be the right one: {known}",
            hint="pass --expect SERIAL, or delete the file of the other one",
        )
    return fitting[0]


def _why_not(address: str, record: InventoryEntry, author: str, snapshot: Snapshot) -> str | None:
    """Return why an object of the inventory is not taken over; None for one that is."""
    kind = Address.parse(address).kind
    live = snapshot.by_id().get((kind, record.id))
    if address in snapshot.inventory.records:
        return "the stack owns it already"
    if live is None:
        return "belongs to one account, and this one does not see it" if KINDS[kind].lifecycle.personal else "is gone"
    if owner := _other_owner(live.kind, live.id, snapshot):
        return f"belongs to stack {owner!r}"
    if any(known.id == record.id and Address.parse(a).kind == kind for a, known in snapshot.inventory.records.items()):
        return "the stack owns it already, under another key"
    maker = live.row.get("user_id")
    if maker != author:
        name = (
            (snapshot.names.key("user", str(maker)) or "an account that is gone") if maker else "nobody that is known"
        )
        return f"was made by {name}, not by the author; the next apply adopts it if the manifests write it"
    return None


def _other_owner(kind: str, id: str, snapshot: Snapshot) -> str | None:
    """Return the other stack that has an object, under whatever key."""
    for stack, inventory in snapshot.others.items():
        for address, record in inventory.records.items():
            if record.id == id and Address.parse(address).kind == kind:
                return stack
    return None


def _believed(record: InventoryEntry) -> InventoryEntry:
    """Return the record without what hangs on the author's salt (fingerprints of secrets), and without its marker."""
    return replace(
        record, fields={path: mark for path, mark in record.fields.items() if not is_secret(mark)}, marker=""
    )
