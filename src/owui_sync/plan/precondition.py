"""A digest of an object as a plan saw it: what it does not touch may move, what it touches may not."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping

from owui_sync.kinds.observed import ObservedResource
from owui_sync.plan.types import Change, InventoryEntry
from owui_sync.values import canonical, digest

ABSENT_MARK = "absent"
"""Precondition of a creation: nothing has that key."""


def precondition(live: ObservedResource | None, secret: Iterable[str] = ()) -> str:
    """Return the precondition of a change.

    Args:
        live: the object, or None when it does not exist.
        secret: paths whose value may hold a secret: the digest is salted and slow when the object has one of them, so
            that a saved plan gives nothing away.
    """
    if live is None:
        return ABSENT_MARK
    if any(path in live.values for path in secret):
        return _slow(live, secrets.token_hex(16))
    return "sha256:" + hashlib.sha256(_content(live)).hexdigest()


def claim(change: Change, records: Mapping[str, InventoryEntry]) -> str:
    """Return a digest of what the inventory says of the object of a change; empty for one that it does not know."""
    record = records.get(change.live_address) or records.get(change.address)
    if record is None:
        return ""
    return digest({"id": record.id, "keep": record.keep, "partial": record.partial, "fields": dict(record.fields)})


def holds(expected: str, live: ObservedResource | None) -> bool:
    """Return whether an object is still as the precondition says."""
    if live is None or expected == ABSENT_MARK:
        return live is None and expected == ABSENT_MARK
    if expected.startswith("scrypt:"):
        return _slow(live, expected.split(":")[1]) == expected
    return precondition(live) == expected


def _content(live: ObservedResource) -> bytes:
    return canonical({"id": live.id, "values": dict(live.values)})


def _slow(live: ObservedResource, salt: str) -> str:
    key = hashlib.scrypt(_content(live), salt=bytes.fromhex(salt), n=2**14, r=8, p=1, dklen=32)
    return f"scrypt:{salt}:{key.hex()}"
