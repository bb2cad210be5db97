"""Settings as they are written in several places, before their tags are worked out."""

from __future__ import annotations

from typing import Any

from owui_sync.manifest.yaml.nodes import LocatedList, LocatedMap

TOKENS = ("token", "token_env", "token_file")
"""The ways to name a token."""
_JOINED = ("vars", "labels", "headers")
"""Settings to which an instance adds; all others it replaces."""


def merged(*rows: LocatedMap) -> LocatedMap:
    """Return settings, the later the stronger; of the ways to name a token only the last one counts."""
    result = LocatedMap(rows[-1].at)
    for row in rows:
        if any(key in row for key in TOKENS):
            for key in TOKENS:
                if key in result:
                    result.drop(key)
        for key in row:
            below = result.get(key)
            result.take(key, row)
            if key in _JOINED and isinstance(below, LocatedMap) and isinstance(row[key], LocatedMap):
                result[key] = _joined_maps(below, row[key])
    return result


def _joined_maps(below: LocatedMap, above: LocatedMap) -> LocatedMap:
    result = LocatedMap(above.at)
    for part in (below, above):
        for key in part:
            result.take(key, part)
    return result


def copied(value: Any) -> Any:
    """Return a value whose tags can be worked out in place without touching the original."""
    if isinstance(value, LocatedMap):
        result = LocatedMap(value.at)
        for key, item in value.items():
            result.put(key, copied(item), value.keys_at[key], value.values_at[key])
        return result
    if isinstance(value, LocatedList):
        items = LocatedList(value.at)
        items += map(copied, value)
        items.items_at = value.items_at
        return items
    return value


def as_defaults(settings: LocatedMap) -> LocatedMap:
    """Return settings as the `defaults` of a fleet, to be checked once their tags are worked out."""
    document = LocatedMap(settings.at)
    document.put("version", 1, settings.at, settings.at)
    document.put("defaults", settings, settings.at, settings.at)
    return document
