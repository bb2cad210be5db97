"""What can be said about references without a server: contradictions are problems, likely slips are warnings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from owui_sync.address import field_of
from owui_sync.kinds import KINDS, access
from owui_sync.manifest.desired import AbsentEntry, AccessRule, Entry
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.yaml.nodes import LocatedMap, find_text
from owui_sync.values import Position, has_secret

_SHORT = 4
"""Names with fewer characters are only compared without case."""


@dataclass(frozen=True, slots=True)
class _Use:
    """One place that names another object: `user` is the address of the entry, None for a rule."""

    user: str | None
    kind: str
    name: str
    at: Position

    @property
    def address(self) -> str:
        return f"{self.kind}/{self.name}"


def check(
    merged: LocatedMap,
    entries: Mapping[str, Entry],
    rules: tuple[AccessRule, ...],
    absent: tuple[AbsentEntry, ...],
    problems: Diagnostics,
    warnings: Diagnostics,
) -> None:
    """Find references to what must be absent, circles, and names that are almost those of an entry.

    A name that no manifest has may exist on the server: that alone is neither a problem nor a warning.
    """
    gone = {name.address: name for name in absent}
    uses = [*_uses_of_entries(merged, entries), *_uses_of_rules(rules)]
    for use in uses:
        if use.address in gone:
            message = f"{use.kind} `{use.name}` is used here, but must be absent ({gone[use.address].source})"
            problems.add(message, use.at, "delete one of the two")
    _report_circles(entries, uses, problems)
    _warn_of_slips(entries, [use for use in uses if use.address not in gone], warnings)


def _uses_of_entries(merged: LocatedMap, entries: Mapping[str, Entry]) -> Iterator[_Use]:
    for entry in entries.values():
        kind = KINDS[entry.kind]
        for path, value in entry.values.items():
            refers = kind.field(path).refers
            if refers is None or value is None or has_secret(value):
                continue
            for other, name in refers(value):
                yield _Use(entry.address, other, _normal_key(other, name), _place(merged, entry, path, name))


def _uses_of_rules(rules: tuple[AccessRule, ...]) -> Iterator[_Use]:
    for rule in rules:
        if not has_secret(rule.access):
            yield from (_Use(None, kind, name, rule.source) for kind, name in access.refers(rule.access))


def _normal_key(kind: str, name: str) -> str:
    return KINDS[kind].normal_key(name) if kind in KINDS else name


def _place(merged: LocatedMap, entry: Entry, path: str, name: str) -> Position:
    """Return the very word in a list or mapping, if it is written there; else the field."""
    section: Any = merged.get(KINDS[entry.kind].section) or {}
    raw = section.get(entry.key)
    written = raw.get(field_of(path)) if isinstance(raw, LocatedMap) else None
    return find_text(written, name) or entry.where(path)


def _report_circles(entries: Mapping[str, Entry], uses: list[_Use], problems: Diagnostics) -> None:
    edges: dict[str, list[_Use]] = {}
    for use in uses:
        if use.user is not None and use.address in entries:
            edges.setdefault(use.user, []).append(use)
    for circle in _circles(edges):
        names = [circle[-1].name, *(use.name for use in circle)]
        message = f"{KINDS[circle[0].kind].section} refer to each other in a circle: {' -> '.join(names)}"
        problems.add(message, circle[0].at, "one of them must be made from something else")


def _circles(edges: Mapping[str, list[_Use]]) -> Iterator[list[_Use]]:
    """Return the ways that lead back to where they began, found without recursion, as a chain may be long."""
    done: set[str] = set()
    for start in edges:
        way: list[_Use] = []
        visited = [start]
        pending = [iter(edges[start] if start not in done else ())]
        while pending:
            use = next(pending[-1], None)
            if use is None:
                pending.pop()
                done.add(visited.pop())
                del way[-1:]
            elif use.address in visited:
                yield [*way, use][visited.index(use.address) :]
            elif use.address not in done:
                way.append(use)
                visited.append(use.address)
                pending.append(iter(edges.get(use.address, ())))


def _warn_of_slips(entries: Mapping[str, Entry], uses: list[_Use], warnings: Diagnostics) -> None:
    unknown = [use for use in uses if use.address not in entries and not _is_offered(use, entries)]
    spelled: dict[tuple[str, str], str] = {}
    for entry in entries.values() if unknown else ():
        for spelling in _spellings(entry.key):
            spelled.setdefault((entry.kind, spelling), entry.key)
    for use in unknown:
        meant = next((spelled[use.kind, word] for word in _spellings(use.name) if (use.kind, word) in spelled), None)
        if meant is not None:
            message = f"no manifest has the {use.kind} `{use.name}`: it must exist on the server"
            warnings.add(message, use.at, f"did you mean `{meant}`?")


def _is_offered(use: _Use, entries: Mapping[str, Entry]) -> bool:
    """Return whether a function of the manifests may offer the model that is named."""
    return use.kind == "model" and f"function/{_normal_key('function', use.name.partition('.')[0])}" in entries


def _spellings(name: str) -> list[str]:
    """Return the name without regard to case, and with each of its characters left out.

    Two names that are one slip apart have one of these in common. Digits stay: `gpt-4` is no slip for `gpt-5`. Short
    names are returned alone: too many of them are one slip apart.
    """
    word = name.casefold()
    if len(word) < _SHORT:
        return [word]
    return [word, *(word[:at] + word[at + 1 :] for at, character in enumerate(word) if not character.isdigit())]
