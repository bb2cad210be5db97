"""Kinds whose section is made of areas, each an object of its own fields that every server has."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from owui_sync.kinds.base import Kind
from owui_sync.values import Json

_BETWEEN = "."


class AreaKind(Kind):
    """A kind with the areas of a section as its objects.

    Most areas are a mapping of fields, and their key is the name of the area. Some are a list: the object has one field
    for it, of the same name. Of others each entry is an object, with the key `area.entry`.
    """

    list_areas: ClassVar[frozenset[str]] = frozenset()
    """Areas that are written as a list."""
    entry_areas: ClassVar[frozenset[str]] = frozenset()
    """Areas whose entries are objects."""

    @abstractmethod
    def section_schema(self, further: Mapping[str, Json]) -> Json:
        """Return the schema of the whole section.

        Args:
            further: schemas of what every entry may have besides its fields.
        """

    @abstractmethod
    def narrows(self, path: str, before: Any, after: Any) -> bool:
        """Return whether a change of a field makes the server refuse what it takes now, and nothing else."""

    def is_permanent(self, key: str) -> bool:
        return area_of(key) not in self.entry_areas

    def is_released(self, key: str) -> bool:
        return self.is_permanent(key)

    def in_section(self, key: str, value: Mapping[str, Any]) -> Json:
        area, entry = split(key)
        if entry and area in self.entry_areas:
            return {area: {entry: value}}
        if key in self.list_areas:
            return {key: value[key]} if key in value else {}
        return {key: value}


def entry_key(area: str, entry: str) -> str:
    """Return the key of an entry of an area."""
    return f"{area}{_BETWEEN}{entry}"


def split(key: str) -> tuple[str, str]:
    """Return the area of a key, and the entry; empty for the area itself."""
    area, _, entry = key.partition(_BETWEEN)
    return area, entry


def area_of(key: str) -> str:
    """Return the area of a key."""
    return split(key)[0]
