"""One entry against one live object: which fields differ, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from owui_sync.address import field_of
from owui_sync.kinds import KINDS
from owui_sync.kinds.observed import ObservedResource
from owui_sync.manifest.desired import Entry
from owui_sync.plan.inventory import fingerprint, is_secret, matches
from owui_sync.plan.types import Cause, FieldChange, InventoryEntry
from owui_sync.values import ABSENT, has_secret, reveal, same


def differences(
    values: Mapping[str, Any],
    live: ObservedResource,
    record: InventoryEntry | None,
    salt: str,
    stays: Callable[[str], bool] = lambda path: False,
) -> tuple[FieldChange, ...]:
    """Return the fields to change, in the order in which they are written; fields to reset come last.

    Args:
        values: path -> value that the object must have.
        record: what was last applied to this object, if anything is known.
        salt: of the inventory that `record` is from.
        stays: whether a path that is no longer written stays as it is, instead of going back to its default.

    Fields that the list of objects leaves out count as they were last applied; `owui_sync.plan.refresh_policy` decides
    which objects have to be read in full.
    """
    last = record.fields if record else {}
    changed = [_written(path, values, live, last, salt) for path in values if _compared(live, path)]
    resets = [
        _reset(path, live, known)
        for path, known in last.items()
        if path not in values and _compared(live, path) and not stays(path)
    ]
    return tuple(change for change in (*changed, *resets) if change)


def _written(
    path: str, values: Mapping[str, Any], live: ObservedResource, last: Mapping[str, str], salt: str
) -> FieldChange | None:
    before, after = current(live, path), values[path]
    if same(before, normal(live.kind, path, after)):
        return None
    drifted = path in last and matches(after, last[path], salt)
    sides = (values, live.values)
    secret = any(is_hidden(live.kind, live.key, path, side) for side in sides) or is_secret(last.get(path, ""))
    return FieldChange(path, before, after, Cause.DRIFT if drifted else Cause.MANIFEST, secret)


def _compared(live: ObservedResource, path: str) -> bool:
    return field_of(path) not in live.unknown and not KINDS[live.kind].is_only_for_creating(path)


def _reset(path: str, live: ObservedResource, known: str) -> FieldChange | None:
    before, after = current(live, path), default(live, path)
    if KINDS[live.kind].field(path).stays:
        return None
    secret = is_secret(known) or is_hidden(live.kind, live.key, path, live.values)
    return None if same(before, after) else FieldChange(path, before, after, Cause.RESET, secret)


def current(live: ObservedResource, path: str) -> Any:
    """Return what the server has at `path`, which may be the default."""
    return live.values[path] if path in live.values else default(live, path)


def default(live: ObservedResource, path: str) -> Any:
    """Return what the field goes back to when nobody sets it: the server's word, or else the kind's."""
    return live.defaults[path] if path in live.defaults else KINDS[live.kind].default(path, live.key)


def normal(kind: str, path: str, value: Any) -> Any:
    """Return a written value in the open and in the form in which the server's is compared."""
    return KINDS[kind].field(path).normalise(reveal(value)) if has_secret(value) else value


def new_fields(entry: Entry, cause: Cause) -> tuple[FieldChange, ...]:
    """Return the fields of an object that does not exist yet."""
    return tuple(
        FieldChange(path, ABSENT, value, cause, is_hidden(entry.kind, entry.key, path, entry.values))
        for path, value in entry.values.items()
    )


def record_of(
    entry: Entry, id: str, before: InventoryEntry | None, salt: str, *, partial: bool = False, owner: str = ""
) -> InventoryEntry:
    """Return what the inventory says once the entry is applied.

    Fingerprints of secrets are slow, so known ones are reused.
    """
    known = before.fields if before else {}
    fields = {}
    for path, value in entry.values.items():
        if KINDS[entry.kind].is_only_for_creating(path):
            continue
        old = known.get(path)
        secret = is_hidden(entry.kind, entry.key, path, entry.values)
        reuse = old is not None and is_secret(old) == secret and matches(value, old, salt)
        fields[path] = old if reuse and old else fingerprint(value, salt, secret=secret)
    return InventoryEntry(id, fields, entry.keep, partial, adopted=before.adopted if before else None, owner=owner)


def is_hidden(kind: str, key: str, path: str, values: Mapping[str, Any]) -> bool:
    """Return whether the value at `path`, one of all those of the object `key`, may not be shown."""
    return has_secret(values.get(path)) or KINDS[kind].is_secret(path, values, key)
