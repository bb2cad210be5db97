"""References by id: `id:ID` of a manifest as the name that it has today, and markers that know what is referred to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from owui_sync.kinds import KINDS
from owui_sync.kinds.names import IdIndex, by_id
from owui_sync.manifest.desired import Entry
from owui_sync.resolve.graph import named
from owui_sync.values import digest


def with_names(entries: Mapping[str, Entry], names: IdIndex) -> dict[str, Entry]:
    """Return the entries with ids named as on the server's side, so that both can be compared."""
    return {address: _named(entry, names) for address, entry in entries.items()}


def _named(entry: Entry, names: IdIndex) -> Entry:
    words = {use.key: names.called(use.kind, id) for use in named(entry.kind, entry.values) if (id := by_id(use.key))}
    if all(before == after for before, after in words.items()):
        return entry
    kind = KINDS[entry.kind]
    fields = {path: kind.field(path) for path in entry.values}
    values = {
        path: fields[path].normalise(_put(value, words)) if fields[path].references(value) else value
        for path, value in entry.values.items()
    }
    return replace(entry, values=values)


def _put(value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _put(item, words) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_put(item, words) for item in value]
    return words.get(value, value) if isinstance(value, str) else value


def mark(marker: str, kind: str, values: Mapping[str, Any], paths: Iterable[str], names: IdIndex) -> str:
    """Return an object's marker for the inventory: with the ids of what it names.

    The server does not move the marker of an object when what it names is deleted and made again under the same name.

    Args:
        values: of the object or of its entry; both name the same where nothing differs.
        paths: the managed ones.
    """
    uses = named(kind, {path: values[path] for path in paths if path in values}) if marker else []
    ids = sorted(id for use in uses for id in names.ids(use.kind, use.key))
    return f"{marker}/{digest(ids)[:16]}" if uses else marker
