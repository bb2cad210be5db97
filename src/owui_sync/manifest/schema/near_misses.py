"""Keys that may be anything, and are almost one that means something: nobody would notice that they do nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.schema.build import sections
from owui_sync.manifest.schema.violations import Path, named
from owui_sync.manifest.yaml.nodes import LocatedMap
from owui_sync.values import Json, Position
from owui_sync.wording import closest

_CLOSE = 0.82
"""Ratio of `difflib`. `temprature` is that close to what was meant; `top_a` and `top_p` are two parameters."""


def warn(merged: LocatedMap, warnings: Diagnostics) -> None:
    """Warn of keys of open mappings that are no known name, but almost one."""
    schemas = sections()
    for section, value in merged.items():
        for path, at, meant in _near(schemas.get(section, {}), value, (section,)):
            warnings.add(f"{named(path)} is no name that Open WebUI knows", at, f"did you mean `{meant}`?")


def _near(schema: Json, value: Any, path: Path) -> Iterator[tuple[Path, Position, str]]:
    """Yield path, place and likely meaning of each such key inside `value`."""
    if not isinstance(value, LocatedMap):
        return
    known, rest = schema.get("properties", {}), schema.get("additionalProperties", {})
    for key, item in value.items():
        if key not in known and rest is not False and (meant := _meant(key, known)):
            yield (*path, key), value.keys_at[key], meant
        inner = known.get(key, rest)
        if isinstance(inner, dict):
            yield from _near(inner, item, (*path, key))


def _meant(key: str, known: Iterable[str]) -> str | None:
    folded = {_folded(name): name for name in known}
    word = _folded(key)
    swapped = [name for name in folded if sorted(name) == sorted(word)]
    close = closest(word, swapped or folded, 0 if swapped else _CLOSE)
    return folded[close] if close else None


def _folded(name: str) -> str:
    """Return what stays the same in `top_p`, `top-p` and `topP`."""
    return "".join(filter(str.isalnum, name.casefold()))
