"""One object of a server as an entry of a manifest: only what differs from the defaults, and nothing it cannot say."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from owui_sync.client.versions import Version
from owui_sync.export.tag import Tag, TaggedMapping
from owui_sync.export.tree import Tree
from owui_sync.kinds import KINDS
from owui_sync.kinds.areas import AreaKind
from owui_sync.kinds.base import Kind
from owui_sync.kinds.fields import Field
from owui_sync.kinds.files.holder import files_field
from owui_sync.kinds.names import only_here
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.unflatten import unflatten
from owui_sync.manifest.entry_problems import entry_problems
from owui_sync.manifest.yaml.nodes import INVALID
from owui_sync.manifest.yaml.scalars import scalar
from owui_sync.manifest.yaml.value_problem import ValueProblem
from owui_sync.plan.difference import default
from owui_sync.plan.snapshot import Snapshot
from owui_sync.values import ABSENT, same

_SURROGATE = "it holds half a character (a lone surrogate)"


@dataclass(frozen=True, slots=True)
class ExportedEntry:
    """One entry.

    Args:
        fields: field -> value; leaves of fields that are managed leaf by leaf are put together again.
        secrets: paths that are left out because they are secret.
        tree: the files that the object holds.
        left_out: paths that are left out, whatever for.
    """

    kind: str
    key: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    tree: Tree | None = None
    left_out: tuple[str, ...] = ()

    def leaving_alone(self, applied: Collection[str]) -> ExportedEntry:
        """Return the entry with `unmanaged`.

        Without it, what was applied and is left out would go back to its default.
        """
        kind = KINDS[self.kind]
        paths = sorted(path for path in self.left_out if path in applied and not kind.field(path).stays)
        return replace(self, fields={**self.fields, "unmanaged": paths}) if paths else self

    def kept(self) -> ExportedEntry:
        """Return the entry with `keep: true`."""
        return replace(self, fields={**self.fields, "keep": True})


def key_problem(live: ObservedResource) -> str | None:
    """Return why a manifest cannot name the object, or None."""
    return _not_representable(live.key) or _wrong(KINDS[live.kind], live.key, {})


@dataclass(slots=True)
class EntryBuilder:
    """An object on its way into a manifest.

    Args:
        snapshot: knows the names that references may use, and the server's version.
        hidden: paths that were applied with a secret.
        tree: the files that the object holds; None when they are not exported.
        every_secret: name each secret, for whoever has the values; else only those that a person can set again.
        warnings: what the entry lacks.
    """

    live: ObservedResource
    snapshot: Snapshot
    hidden: Collection[str] = ()
    tree: Tree | None = None
    every_secret: bool = False
    warnings: list[str] = field(default_factory=list)
    _values: dict[str, Any] = field(default_factory=dict)
    _secrets: list[str] = field(default_factory=list)
    _left_out: list[str] = field(default_factory=list)
    _listed: Tree | None = None

    def item(self, limit: Collection[str] | None = None) -> ExportedEntry:
        """Return the entry. `limit` holds the paths to export; None for all."""
        for each, path in self._paths(limit):
            if self._kind.is_secret(path, self.live.values, self.live.key) or path in self.hidden:
                self._add_secret(path)
            elif each.name == files_field(self._kind):
                self._add_files(path)
            else:
                self._add_value(each, path)
        fields, left_out = self._said(), (*self._secrets, *self._left_out)
        return ExportedEntry(self.live.kind, self.live.key, fields, tuple(self._secrets), self._listed, left_out)

    @property
    def _kind(self) -> Kind:
        return KINDS[self.live.kind]

    def _add_secret(self, path: str) -> None:
        """Add a secret as the name of a variable, where the server shows it and a plan can compare it."""
        if self.every_secret:
            self._values[path] = secret_tags(variable_name(self.live.key, path), self.live.values[path])
        elif not isinstance(self._kind, AreaKind):
            self._secrets.append(path)
        elif self.live.values[path] in ("", None, {}):
            return
        elif self._is_of_environment(path):
            self._leave_out(path, "it is a secret that the server's environment may have set")
        else:
            self._values[path] = secret_tags(variable_name(self.live.key, self._numbered(path)), self.live.values[path])

    def _numbered(self, path: str) -> str:
        """Return the path with the number of an item in the place of its name, which may be long."""
        name = self._kind.field(path).name
        for number, item in enumerate(self.live.values[name] if self._kind.field(path).split else (), 1):
            if path.startswith(f"{name}.{item}."):
                return f"{name}.{number}.{path.removeprefix(f'{name}.{item}.')}"
        return path

    def _is_of_environment(self, path: str) -> bool:
        """Return whether a field has no default that is known: the server's environment decides it."""
        permanent, listed = self._kind.is_permanent(self.live.key), self._kind.field(path).split is not None
        return permanent and not listed and default(self.live, path) is ABSENT

    def _said(self) -> dict[str, Any]:
        """Return the fields without the values that a manifest cannot have."""
        if self._wrong(self._values):
            for path, value in tuple(self._values.items()):
                if problem := self._wrong({path: value}):
                    self._leave_out(path, problem)
                    del self._values[path]
        return unflatten(self._kind, self._values)

    def _wrong(self, values: Mapping[str, Any]) -> str | None:
        return _wrong(self._kind, self.live.key, unflatten(self._kind, values))

    def _paths(self, limit: Collection[str] | None) -> Iterator[tuple[Field, str]]:
        """Yield the paths with a value worth writing, in the order of the kind's fields, leaves by name."""
        paths: dict[str, list[str]] = {}
        for path in self.live.values if limit is None else self.live.values.keys() & limit:
            paths.setdefault(self._kind.field(path).name, []).append(path)
        for each in self._kind.fields_of(self.live.key, paths):
            yield from ((each, path) for path in sorted(paths.get(each.name, ())) if self._differs(each, path))

    def _differs(self, field: Field, path: str) -> bool:
        """Return whether a value is not the default, and of a field that the server knows."""
        if self._kind.is_only_for_creating(path) or self._is_default(path, self.live.values[path]):
            return False
        return field.since is None or Version.parse(field.since) <= Version.parse(self.snapshot.server.version)

    def _is_default(self, path: str, value: Any) -> bool:
        return value is ABSENT or same(value, default(self.live, path))

    def _add_files(self, path: str) -> None:
        count = len(self.live.values[path])
        if self.tree is None:
            files = "1 file is" if count == 1 else f"{count:,} files are"
            self.warnings.append(f"{self.live.address}: {files} not exported; --files saves them")
        elif self.tree.problem:
            self._leave_out(path, f"{self.tree.problem}; the files that there are lie in {self.tree.folder}")
        else:
            self._listed = self.tree

    def _add_value(self, field: Field, path: str) -> None:
        value = self.live.values[path]
        if value is None and isinstance(self._kind, AreaKind):
            self._values[path] = Tag("null", "")
            return
        if problem := _not_representable({path: value}) or _inexact(field, value, self.snapshot):
            self._leave_out(path, problem)
            return
        self._values[path] = value
        if field.refers and (local := sorted(set(filter(only_here, _texts(value))))):
            self.warnings.append(f"{self.live.address}: `{path}` has ids of this server: {', '.join(local)}")

    def _leave_out(self, path: str, problem: str) -> None:
        self._left_out.append(path)
        self.warnings.append(f"{self.live.address}: `{path}` is left out: {problem}")


def variable_name(key: str, path: str) -> str:
    """Return the name of the variable for a secret, from where it is written."""
    return re.sub(r"[^A-Z0-9]+", "_", f"{key}_{path}".upper()).strip("_")


def secret_tags(name: str, value: Any) -> Any:
    """`!secret NAME` for a secret, or for each text of a mapping of secrets."""
    if isinstance(value, Mapping):
        return TaggedMapping({key: secret_tags(variable_name(name, key), item) for key, item in value.items()})
    return Tag("secret", name)


def _without_tags(value: Any) -> Any:
    """Return the value as `validate` takes it, in which nothing is known of what a tag stands for."""
    if isinstance(value, Mapping):
        return {key: _without_tags(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_tags(item) for item in value]
    return INVALID if isinstance(value, Tag) else value


def _inexact(field: Field, value: Any, snapshot: Snapshot) -> str | None:
    """Return why a manifest cannot say exactly this value, or None: applying anything near it would change the server.

    Names that may come from elsewhere are fine: whoever knows them is never read in full.
    """
    lost = [
        f"{kind} {key!r}"
        for kind, key in (() if field.elsewhere else field.references(value))
        if kind in snapshot.want and len(snapshot.names.ids(kind, key)) != 1
    ]
    if lost:
        return f"it names {', '.join(lost)}, which the server does not have"
    return None if same(field.normalise(value), value) else "a manifest can say only something near it"


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a value."""
    if isinstance(value, Mapping | list):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


def _not_representable(value: Any, *, null: bool = False) -> str | None:
    """Return why YAML cannot hold a value in a manifest, or None.

    `null` says whether a null may stand here, as in a list.
    """
    if value is None and not null:
        return "it holds a null, and in a manifest that removes what a lower layer says"
    if isinstance(value, Mapping):
        inner = [
            *(_not_representable(key) for key in value),
            *(_not_representable(item, null=null) for item in value.values()),
        ]
        return next(filter(None, inner), None)
    if isinstance(value, list):
        return next(filter(None, (_not_representable(item, null=True) for item in value)), None)
    if isinstance(value, str):
        return _SURROGATE if any("\ud800" <= char <= "\udfff" for char in value) else None
    return _unsayable_number(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _unsayable_number(value: float) -> str | None:
    try:
        return None if isinstance(scalar(str(value)), int | float) else f"{value} is no number for a manifest"
    except ValueProblem as wrong:
        return f"{value}: {wrong.message}"


def _wrong(kind: Kind, key: str, fields: Mapping[str, Any]) -> str | None:
    """Return what `validate` would say of an entry, or None."""
    return next(iter(entry_problems(kind, key, _without_tags(fields))), None)
