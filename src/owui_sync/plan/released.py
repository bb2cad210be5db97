"""Fields that a manifest no longer writes and that keep their value: the plan says what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from owui_sync.kinds import KINDS
from owui_sync.kinds.areas import AreaKind
from owui_sync.kinds.observed import ObservedResource
from owui_sync.plan.difference import current, default
from owui_sync.plan.inventory import is_secret
from owui_sync.plan.types import InventoryEntry
from owui_sync.values import ABSENT, canonical

_LONG = 60
"""Characters of a value that is shown."""


def released(live: ObservedResource, record: InventoryEntry | None, values: Mapping[str, Any]) -> Iterator[str]:
    """Warn of each field of an area, or of an entry of one, that was applied and is no longer written.

    Args:
        values: path -> value that is still written.
    """
    kind = KINDS[live.kind]
    for path, known in record.fields.items() if record and isinstance(kind, AreaKind) else ():
        field = kind.field(path)
        if path in values or not field.stays or (field.split and path != field.name):
            continue
        if is_secret(known) or kind.is_secret(path, live.values, live.key):
            kept = "its value, a secret"
        else:
            kept = f"its value {_shown(current(live, path))} (default: {_shown(default(live, path))})"
        yield f"{live.address}: `{path}` is no longer written and released: it keeps {kept}"


def _shown(value: Any) -> str:
    if value is ABSENT:
        return "not known"
    text = canonical(value).decode("utf-8", "replace")
    return text if len(text) <= _LONG else f"{text[:_LONG]}..."
