"""Which objects the manifests' entries name, and what has to be read from the server to plan them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from owui_sync.address import Address
from owui_sync.kinds import KINDS
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.tree import TreeKind
from owui_sync.manifest.desired import Desired, Entry

_SERVER, _MCP_SERVER = "server:", "server:mcp:"
"""How the names of tools begin that are tool servers: those have entries among the settings."""

KEY = "its key"
"""Stands for a path where the key of an entry names another object, as that of a folder below another one."""


@dataclass(frozen=True, slots=True)
class NamedReference:
    """One use of a name: the object `kind/key` is named at `path`; `elsewhere` is as for `Field`."""

    path: str
    kind: str
    key: str
    elsewhere: str | None

    @property
    def address(self) -> str:
        """`kind/key` of the object that is named, or of the entry that makes a tool server."""
        if self.kind == "tool" and self.key.startswith(_SERVER):
            id = self.key.removeprefix(_MCP_SERVER if self.key.startswith(_MCP_SERVER) else _SERVER)
            return str(Address("setting", f"tool_servers.{id}"))
        return str(Address(self.kind, self.key))


def named(kind: str, values: Mapping[str, Any]) -> list[NamedReference]:
    """Return every object that the values of an object of `kind` name."""
    known = KINDS[kind]
    return [
        NamedReference(path, *reference, known.field(path).elsewhere)
        for path, value in values.items()
        for reference in known.field(path).references(value)
    ]


def named_by(entry: Entry | ObservedResource) -> list[NamedReference]:
    """Return every object that an entry or a live object names, in its values or in its key."""
    kind = KINDS[entry.kind]
    parents = kind.parents(entry.key) if isinstance(kind, TreeKind) else []
    return [*(NamedReference(KEY, *parent, None) for parent in parents), *named(entry.kind, entry.values)]


def reads(kind: str, key: str, paths: Iterable[str]) -> frozenset[str]:
    """Return what must be read to plan these fields of the object `key` of `kind`."""
    known = KINDS[kind]
    return frozenset({kind}).union(known.reads, known.reads_of(key), *(known.field(path).reads for path in paths))


def wanted(desired: Desired) -> frozenset[str]:
    """Return what must be read to plan all of `desired`."""
    entries = (reads(entry.kind, entry.key, entry.values) for entry in desired.entries.values())
    rules = reads("model", "", ["access"]) if desired.rules else frozenset()
    gone = ({absent.kind, *KINDS[absent.kind].reads_of(absent.key)} for absent in desired.absent)
    return rules.union(*gone, *entries)
