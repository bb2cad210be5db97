"""The inventory: what a stack owns on a server and what was last applied. Pure data; it is stored by `apply.inventory`.

It lets the plan tell a change of the manifests from a change on the server, and it is the only licence to delete.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from dataclasses import fields as dataclass_fields
from functools import lru_cache
from typing import Any, TypeVar

from owui_sync.address import Address
from owui_sync.errors import OwuiSyncError
from owui_sync.kinds import KINDS
from owui_sync.kinds.base import Kind
from owui_sync.plan.types import InventoryEntry, JobRecord, JobState
from owui_sync.values import canonical, has_secret, load_json, reveal

FORMAT = 1
_SLOW = "s:"
_REMEMBERED = 50
"""Writes that an inventory remembers."""
_MOST = 2**53
"""What no count ever reaches; above it, JSON of others is no longer exact."""

Value = TypeVar("Value")


def file_name(stack: str) -> str:
    """Return the name of the file on the server that holds a stack's inventory."""
    return f"owui-sync.{stack}.inventory.json"


def is_secret(fingerprint: str) -> bool:
    """Return whether a fingerprint is one of a value that held a secret."""
    return fingerprint.startswith(_SLOW)


def _slow(value: Any, salt: str) -> str:
    return _SLOW + _scrypt(canonical(reveal(value)), salt)


@lru_cache(maxsize=4096)
def _scrypt(data: bytes, salt: str) -> str:
    """Return the slow digest; a run asks for that of one secret several times, and may have hundreds of secrets."""
    return hashlib.scrypt(data, salt=bytes.fromhex(salt), n=2**14, r=8, p=1, dklen=16).hex()


def fingerprint(value: Any, salt: str, *, secret: bool = False) -> str:
    """Return a short proof of a value from which the value cannot be had: salted and slow when a secret is inside.

    Args:
        secret: it is secret, also where it stands in clear.
    """
    return _slow(value, salt) if secret or has_secret(value) else hashlib.sha256(canonical(value)).hexdigest()[:32]


def matches(value: Any, known: str, salt: str) -> bool:
    """Return whether `known` is the fingerprint of `value`, also when it was a secret then and is none now."""
    return (_slow(value, salt) if is_secret(known) else fingerprint(value, salt)) == known


@dataclass(frozen=True, slots=True)
class Inventory:
    """What one stack owns.

    Args:
        serial: counts up with every write; the highest one counts.
        salt: hex, for fingerprints of secrets.
        records: address -> record.
        files: ids of all files on the server that claim to be this inventory, to be deleted after the next write.
        jobs: name -> the last run of a job, as far as is known here; its chat knows better.
        lineage: what marks this write, then the writes before it, the newest first, as far as they are remembered.
    """

    stack: str
    serial: int = 0
    salt: str = field(default_factory=lambda: secrets.token_hex(16))
    records: Mapping[str, InventoryEntry] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    jobs: Mapping[str, JobRecord] = field(default_factory=dict)
    lineage: tuple[str, ...] = ()

    def next(self, records: Mapping[str, InventoryEntry], jobs: Mapping[str, JobRecord]) -> Inventory:
        """Return the inventory that takes the place of this one."""
        lineage = (secrets.token_hex(8), *self.lineage)[:_REMEMBERED]
        return replace(self, serial=self.serial + 1, records=dict(records), jobs=dict(jobs), files=(), lineage=lineage)

    def stored_in(self, *files: str) -> Inventory:
        """Return the same, which these files on the server claim to be."""
        return replace(self, files=files)

    def knows(self, other: Inventory) -> bool:
        """Return whether all that `other` says went into this one, which is newer."""
        if other.serial < self.serial and (not other.lineage or self.serial - other.serial >= _REMEMBERED):
            return True
        return other.lineage[:1] != () and other.lineage[0] in self.lineage

    def joined(self, other: Inventory) -> Inventory:
        """Return this inventory with what only `other` says: another run wrote it at the same time."""
        lineage = (*self.lineage[:1], *other.lineage[:1], *self.lineage[1:])[:_REMEMBERED]
        jobs = {**other.jobs, **self.jobs}
        known = {address: one for address, one in self.records.items() if one.id or address not in other.records}
        records = {**other.records, **known}
        return replace(self, records=records, jobs=jobs, lineage=lineage)

    def to_json(self) -> bytes:
        """Return the file's bytes."""
        document = {
            "format": FORMAT,
            "stack": self.stack,
            "serial": self.serial,
            "salt": self.salt,
            "objects": {address: _row(record) for address, record in sorted(self.records.items())},
            "jobs": {name: job_row(record) for name, record in sorted(self.jobs.items())},
            "lineage": list(self.lineage),
        }
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _row(record: InventoryEntry) -> dict[str, Any]:
    marks = {name: getattr(record, name) for name in ("keep", "partial", "marker", "owner") if getattr(record, name)}
    origin = {} if record.adopted is None else {"adopted": record.adopted}
    return {"id": record.id, "fields": dict(record.fields), **marks, **origin}


def _record(row: Any) -> InventoryEntry:
    keep, partial = _a(bool, row.get("keep", False)), _a(bool, row.get("partial", False))
    adopted = None if row.get("adopted") is None else _a(bool, row["adopted"])
    marker, owner = _a(str, row.get("marker", "")), _a(str, row.get("owner", ""))
    return InventoryEntry(_a(str, row["id"]), _texts(row["fields"]), keep, partial, marker, adopted, owner)


def _a(kind: type[Value], value: Any) -> Value:
    """`value`, which has to be of exactly that type. Raises TypeError otherwise."""
    if type(value) is not kind:
        raise TypeError(f"{kind.__name__} expected, not {type(value).__name__}")
    return value


def _texts(value: Any) -> dict[str, str]:
    return {name: _a(str, text) for name, text in _a(dict, value).items()}


def job_row(record: JobRecord) -> dict[str, Any]:
    """Return the last run of a job as JSON."""
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in _items(record)}


def _items(record: JobRecord) -> Iterator[tuple[str, Any]]:
    return ((each.name, value) for each in dataclass_fields(record) if (value := getattr(record, each.name)))


def job_record(row: Mapping[str, Any]) -> JobRecord:
    """Return the inverse of `job_row`; keys that this version does not know are left out.

    Raises:
        ValueError, TypeError: it is none.
    """
    known = {each.name for each in dataclass_fields(JobRecord)}
    given = {name: value for name, value in row.items() if name in known}
    record = JobRecord(**{**given, "state": JobState(row.get("state", ""))})
    for each in ("chat_id", "step", "started_at", "finished_at", "error"):
        _a(str, getattr(record, each))
    _texts(record.parts), _texts(record.then)
    if not 0 <= record.seconds < _MOST or not 0 <= _a(int, record.tokens) < _MOST:
        raise ValueError("a number that cannot be")
    return record


def parse(content: bytes, stack: str) -> Inventory:
    """Return an inventory from its file.

    Raises:
        ValueError: it is damaged, or of another stack.
        OwuiSyncError: a newer version of this tool wrote it; nothing may be planned from half of it.
    """
    document = load_json(content)
    if not isinstance(document, dict) or document.get("stack") != stack:
        raise ValueError(f"not an inventory of stack {stack!r}")
    if type(document.get("format")) is not int:
        raise ValueError("an inventory without a format")
    if document["format"] != FORMAT:
        raise _newer(stack, f"format {document['format']}")
    try:
        records = {address: _record(row) for address, row in _a(dict, document["objects"]).items()}
        jobs = {name: job_record(row) for name, row in _a(dict, document.get("jobs", {})).items()}
        serial, salt = _a(int, document["serial"]), _a(str, document["salt"])
        bytes.fromhex(salt)
        lineage = tuple(_a(str, mark) for mark in _a(list, document.get("lineage", [])))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"damaged: {error!r}") from error
    if not 0 <= serial < _MOST:
        raise ValueError("damaged: its serial cannot be")
    inventory = Inventory(stack, serial, salt, records, (), jobs, lineage)
    inventory.to_json()  # Half of a surrogate pair could not be written again.
    _check_vocabulary(inventory)
    return inventory


def _check_vocabulary(inventory: Inventory) -> None:
    for address, record in inventory.records.items():
        name, key = Address.parse(address)
        kind = KINDS.get(name)
        if kind is None:
            raise _newer(inventory.stack, f"the object {address}")
        if not key or (kind.lifecycle.singleton and key != kind.key["const"]):
            raise ValueError(f"damaged: {address!r} is no object")
        if unknown := {path for path in record.fields if not is_known(kind, path)}:
            raise _newer(inventory.stack, f"{address} with {', '.join(sorted(unknown))}")


def is_known(kind: Kind, path: str) -> bool:
    """Return whether a kind has a field that a path belongs to."""
    try:
        kind.field(path)
    except KeyError:
        return False
    return True


def _newer(stack: str, what: str) -> OwuiSyncError:
    return OwuiSyncError(
        f"the inventory of stack {stack!r} has {what}, which this version of owui-sync does not know",
        hint="a newer owui-sync wrote it: use that version, or a newer one",
    )
