"""Merged and checked sections -> entries, rules and names that must be absent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from owui_sync.address import FieldPath
from owui_sync.kinds import SECTIONS, access
from owui_sync.kinds.areas import AreaKind, entry_key
from owui_sync.kinds.base import Kind
from owui_sync.kinds.fields import Field
from owui_sync.kinds.tree import TreeKind
from owui_sync.manifest.desired import AbsentEntry, AccessRule, Entry, Move
from owui_sync.manifest.joined import JoinedLine
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.schema.validate import Flagged
from owui_sync.manifest.yaml.nodes import LocatedList, LocatedMap, find_text, is_valid, plain
from owui_sync.values import SERVER_DEFAULT, Position, has_secret
from owui_sync.wording import did_you_mean

SINGLETON = "default"
"""The key of an entry that is a whole section."""

_EACH = "write `!default` for each field"

_OPEN = "use `!env` or `!var` for a name that differs by place"


def entries(merged: LocatedMap, flagged: Flagged, problems: Diagnostics) -> dict[str, Entry]:
    """Return address -> entry, in the order of the manifests; wrong values are left out."""
    result: dict[str, Entry] = {}
    for section in merged:
        kind = SECTIONS.get(section)
        if kind is None:
            continue
        if merged[section] is SERVER_DEFAULT:
            problems.add(f"`{section}` cannot be `!default` as a whole", merged.keys_at[section], _EACH)
        for written in _written(kind, merged):
            raw, source = written.raw, written.source
            if written.path[:3] in flagged or not isinstance(raw, LocatedMap):
                if raw is SERVER_DEFAULT:
                    problems.add(f"`{'.'.join(written.path)}` cannot be `!default` as a whole", source, _EACH)
                continue
            entry = _entry(kind, written, raw, flagged)
            _refuse_whole_defaults(kind, entry, problems)
            _refuse_secret_names(kind, entry, problems)
            _check_unmanaged(kind, entry, raw, problems)
            _refuse_clear_text(kind, entry, problems)
            other = result.setdefault(entry.address, entry)
            if other is not entry:
                hint = f"it is already at {other.source}; keep one of the two"
                problems.add(f"`{written.key}` is the same {kind.name} as `{other.key}`", source, hint)
    return result


@dataclass(frozen=True, slots=True)
class _Written:
    """An entry as it is written.

    Args:
        path: the way to it from the top of the manifest on.
        raw: its content, in any form.
    """

    key: str
    source: Position
    path: tuple[str, ...]
    raw: Any


def _written(kind: Kind, merged: LocatedMap) -> Iterator[_Written]:
    """Yield each entry of a section; the section itself where there is only one."""
    name = kind.section
    if kind.lifecycle.singleton:
        yield _Written(SINGLETON, merged.keys_at[name], (name,), merged[name])
        return
    for key, source, raw in _items(merged[name]):
        if isinstance(kind, AreaKind) and key in kind.entry_areas and isinstance(raw, LocatedMap):
            for entry, at, inner in _items(raw):
                yield _Written(entry_key(key, entry), at, (name, key, entry), inner)
        elif isinstance(kind, AreaKind) and key in kind.list_areas:
            whole = LocatedMap(source)
            whole.put(key, raw, source, merged[name].values_at[key])
            yield _Written(key, source, (name, key), whole)
        else:
            yield _Written(key, source, (name, key), raw)


def _items(section: Any) -> Iterator[tuple[str, Position, Any]]:
    if isinstance(section, LocatedMap):
        for key, raw in section.items():
            yield key, section.keys_at[key], raw


def _entry(kind: Kind, written: _Written, raw: LocatedMap, flagged: Flagged) -> Entry:
    values: dict[str, Any] = {}
    positions: dict[str, Position] = {}
    key, source = written.key, written.source
    for field in kind.fields_of(key, raw):
        if field.name not in raw or _is_flagged((*written.path, field.name), flagged):
            continue
        value = raw[field.name]
        if not is_valid(value):
            continue
        for path, leaf in field.paths(value):
            values[path] = _normal(field, plain(leaf))
        positions.update(_positions(field.name, raw.keys_at[field.name], value, field.depth))
    keep = not kind.is_permanent(key) and raw.get("keep") is True
    listed = () if kind.is_permanent(key) else raw.get("unmanaged", ())
    unmanaged = (
        frozenset(item for item in listed if isinstance(item, str)) if isinstance(listed, LocatedList) else frozenset()
    )
    return Entry(kind.name, kind.normal_key(key), values, source, positions, keep=keep, unmanaged=unmanaged)


def _is_flagged(path: tuple[str, ...], flagged: Flagged) -> bool:
    """Return whether something is wrong in what is written at a path from the top of the manifest on."""
    return any(wrong[: len(path)] == path[:3] for wrong in flagged)


def _refuse_whole_defaults(kind: Kind, entry: Entry, problems: Diagnostics) -> None:
    """`!default` stands for the value of one field: not for a mapping of fields, and not inside a value."""
    for path, value in entry.values.items():
        if value is SERVER_DEFAULT and path == kind.field(path).name and kind.field(path).depth:
            problems.add(f"`{path}` cannot be `!default` as a whole", entry.where(path), _EACH)
        elif value is not SERVER_DEFAULT and _holds_default(value):
            problems.add(f"`{path}` holds a `!default`", entry.where(path), "write `!default` for the whole field")


def _holds_default(value: Any) -> bool:
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return value is SERVER_DEFAULT or any(map(_holds_default, inner))


def _refuse_secret_names(kind: Kind, entry: Entry, problems: Diagnostics) -> None:
    """Refuse a secret as a name: every plan shows names."""
    for path, value in entry.values.items():
        if kind.field(path).refers and has_secret(value):
            message = f"`{entry.address}`: `{path}` names other objects, and a name cannot be a secret"
            problems.add(message, entry.where(path), _OPEN)
        elif kind.field(path).split and not kind.is_secret(path, entry.values, entry.key) and has_secret(value):
            message = f"`{entry.address}`: an item of `{kind.field(path).name}` is shown and cannot be a secret"
            problems.add(message, entry.where(path), f"{_OPEN}; its `key` may be a secret")


def _check_unmanaged(kind: Kind, entry: Entry, raw: LocatedMap, problems: Diagnostics) -> None:
    """Refuse paths to leave alone that name no field or leaf, or one that is written."""
    known = [field.name for field in kind.fields]
    for path in sorted(entry.unmanaged):
        at = find_text(raw["unmanaged"], path) or entry.source
        name, leaf = FieldPath.parse(path)
        if name not in known or (leaf and not kind.field(path).depth):
            problems.add(f"`{entry.address}`: `{path}` under `unmanaged` is no field", at, did_you_mean(name, known))
    for path in entry.values:
        if entry.leaves_alone(path):
            message = f"`{entry.address}`: `{path}` is written, and stands under `unmanaged` too"
            problems.add(message, entry.where(path), "keep one of the two")


def _refuse_clear_text(kind: Kind, entry: Entry, problems: Diagnostics) -> None:
    """Refuse secrets in plain text: manifests are kept in git."""
    for path, value in entry.values.items():
        if kind.is_secret(path, {}, entry.key) and not (has_secret(value) or _is_empty(value)):
            message = f"`{entry.address}`: `{path}` must come by `!secret`, not in clear text"
            problems.add(message, entry.where(path), f"write `{path}: !secret NAME`, and set NAME where it is applied")


def _is_empty(value: Any) -> bool:
    """Return whether a value gives nothing away: `!null`, `!default`, or an empty text, mapping or list."""
    return value is SERVER_DEFAULT or value is None or (value in ("", {}, []) and not isinstance(value, bool))


def _normal(field: Field, value: Any) -> Any:
    """Return the normal form of a value.

    A value with a secret inside stays as it is, since it cannot be sorted or compared.
    """
    return value if has_secret(value) else field.normalise(value)


def _positions(path: str, at: Position, value: Any, depth: int) -> Iterator[tuple[str, Position]]:
    """Yield where a field and, `depth` levels down, its leaves are written."""
    yield path, at
    if depth and isinstance(value, LocatedMap):
        for key, item in value.items():
            yield from _positions(f"{path}.{key}", value.keys_at[key], item, depth - 1)


def access_rules(lines: Iterable[JoinedLine], problems: Diagnostics) -> tuple[AccessRule, ...]:
    """Return the rules of `access_rules`, in their order."""
    result = []
    for line in lines:
        raw = line.value
        if has_secret(raw):
            problems.add("a rule names models, groups and users, and a name cannot be a secret", line.at, _OPEN)
            continue
        result.append(AccessRule(tuple(raw["models"]), access.FIELD.normalise(plain(raw["access"])), line.at))
    return tuple(result)


def absent(lines: Iterable[JoinedLine], problems: Diagnostics) -> tuple[AbsentEntry, ...]:
    """Return the names under `absent`, each once."""
    result: dict[str, AbsentEntry] = {}
    for line in lines:
        if has_secret(line.value):
            problems.add("the name of what must be absent cannot be a secret", line.at, _OPEN)
            continue
        kind = SECTIONS[line.section]
        gone = AbsentEntry(kind.name, kind.normal_key(line.value), line.at)
        result.setdefault(gone.address, gone)
    return tuple(result.values())


def moved(lines: Iterable[JoinedLine], entries: Mapping[str, Entry], problems: Diagnostics) -> tuple[Move, ...]:
    """Return the moves, in their order. The new key must be an entry, and the old one must not."""
    result: dict[str, Move] = {}
    for line in lines:
        at = line.at
        for section, keys in line.value.items():
            kind = SECTIONS.get(section)
            if kind is None or kind.lifecycle.singleton:
                continue
            if has_secret(keys):
                problems.add("a key cannot be a secret", at, _OPEN)
                continue
            move = Move(kind.name, kind.normal_key(keys["from"]), kind.normal_key(keys["to"]), at)
            first = result.setdefault(move.before, move)
            if first.after != move.after:
                message = f"`{move.before}` is moved to `{move.new}` here, but to `{first.new}` at {first.source}"
                problems.add(message, at, "an object has one new key: keep one of the two")
            elif move.before in entries:
                message = (
                    f"`{move.before}` is moved to `{move.new}`, but still written at {entries[move.before].source}"
                )
                problems.add(message, at, "write its entry under the new key only")
            elif isinstance(kind, TreeKind) and (why := kind.move_blocker(move.old, move.new)):
                problems.add(f"`{move.before}` cannot become `{move.after}`: {why}", at, "move it somewhere else")
            elif move.after not in entries:
                problems.add(f"nothing is written under the new key `{move.after}`", at, "write its entry there")
    return tuple(result.values())
