"""Names of variables for secrets, from where the secrets are written: `a.b` and `a-b` must not share one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from typing import Any

from owui_sync.export.entry import ExportedEntry
from owui_sync.export.tag import Tag


def with_distinct_secrets(entries: Iterable[ExportedEntry]) -> list[ExportedEntry]:
    """Return the entries, in which each secret has a variable of its own: a name that is taken gets a number."""
    taken: set[str] = set()
    return [replace(entry, fields=_renamed(entry.fields, taken)) for entry in entries]


def _renamed(value: Any, taken: set[str]) -> Any:
    if isinstance(value, Tag) and value.tag == "secret":
        numbered = (f"{value.argument}_{number}" for number in count(2))
        name = value.argument if value.argument not in taken else next(name for name in numbered if name not in taken)
        taken.add(name)
        return Tag("secret", name)
    if isinstance(value, dict):
        return type(value)({key: _renamed(item, taken) for key, item in value.items()})
    if isinstance(value, list):
        return [_renamed(item, taken) for item in value]
    return value
