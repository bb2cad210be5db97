"""Objects as they are on the server, in the manifest's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from owui_sync.address import Address


@dataclass(frozen=True, slots=True)
class ObservedResource:
    """An object as it is on the server.

    Args:
        values: what it is set to, by path, in the manifest's words and normal form; what is missing is at its default.
        row: the server's own row, for a write that must send everything back, in the shape of its kind.
        defaults: path -> what the field goes back to, where only the server knows; wins over `Kind.default`.
        unknown: fields that the list response omits; `Kind.whole` reads the object with them.
        marker: what the server changes whenever one of these fields changes; empty where it has no such thing.
    """

    kind: str
    key: str
    id: str
    values: Mapping[str, Any]
    row: Any
    defaults: Mapping[str, Any] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    marker: str = ""

    @property
    def address(self) -> str:
        """Return `kind/key`."""
        return str(Address(self.kind, self.key))
