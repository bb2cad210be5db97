"""`access_rules`, `absent` and `moved`: all files and layers write them together, each line beside what it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from owui_sync.kinds import SECTIONS, access_rules
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.schema import validate
from owui_sync.manifest.yaml.nodes import LocatedList, LocatedMap, Tagged, is_valid, plain
from owui_sync.values import Position, canonical, has_secret
from owui_sync.wording import did_you_mean

_RULES, _ABSENT, _MOVED = access_rules.SECTION, "absent", "moved"
KEYS = (_RULES, _ABSENT, _MOVED)

_NAMED = {section for section, kind in SECTIONS.items() if not kind.lifecycle.singleton}
"""Sections whose objects have keys, so that `absent` can name them."""

Resolve = Callable[[Any], Any]
_Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class JoinedLine:
    """One line of a joined list.

    Args:
        section: the section that the line stands under in `absent`; empty in the other lists.
        value: with its tags worked out, and as the schema wants it.
        at: where it is written.
    """

    section: str
    value: Any
    at: Position


@dataclass(frozen=True, slots=True)
class Joined:
    """The lines of all files and layers: those of upper layers first, inside a layer in the order of the files."""

    rules: tuple[JoinedLine, ...]
    absent: tuple[JoinedLine, ...]
    moved: tuple[JoinedLine, ...]


def join(merged: LocatedMap, layers: Sequence[Sequence[LocatedMap]], resolve: Resolve, problems: Diagnostics) -> Joined:
    """Join the lists of all layers. What is wrong in them is reported and left out.

    An entry of an upper layer lifts the `absent` of a lower one, and the `absent` of an upper layer takes the entry of
    a lower one out of `merged`.

    Args:
        merged: all other sections, merged, their tags not yet worked out.
        layers: the documents of each layer, lowest first.
        resolve: works out the tags of a value.
    """
    rules, absent, moved = (_lines_by_layer(key, layers, resolve, problems) for key in KEYS)
    if any(absent):
        absent = _settled(absent, merged, layers, resolve, problems)
    return Joined(_once(rules), _once(absent), _once(moved))


def _lines_by_layer(
    key: str, layers: Sequence[Sequence[LocatedMap]], resolve: Resolve, problems: Diagnostics
) -> list[list[JoinedLine]]:
    """Return the lines of each layer that no upper layer dropped with `null`."""
    result: list[list[JoinedLine]] = []
    for layer in layers:
        writers = [document for document in layer if key in document]
        for document in writers:
            result = _without_dropped(key, document, result, problems)
        result.append([line for document in writers for line in _lines(key, document, resolve, problems)])
    return result


def _without_dropped(
    key: str, document: LocatedMap, lower: list[list[JoinedLine]], problems: Diagnostics
) -> list[list[JoinedLine]]:
    """Return the lines of lower layers without those that `null` drops.

    `null` drops all of them, or those of one section of `absent`.
    """
    value = document[key]
    if value is None:
        if not any(lower):
            _report_nothing_dropped(key, None, document.keys_at[key], problems)
        return [[] for _ in lower]
    for section in [section for section, names in _items(value) if names is None]:
        known = {line.section: None for lines in lower for line in lines}
        if section not in known:
            hint = did_you_mean(section, known)
            _report_nothing_dropped(f"{key}.{section}", hint, value.keys_at[section], problems)
        lower = [[line for line in lines if line.section != section] for lines in lower]
    return lower


def _report_nothing_dropped(name: str, hint: str | None, at: Position, problems: Diagnostics) -> None:
    if not problems.lost_file:
        hint = hint or "take the line out; null drops what lower layers say"
        problems.add(f"there is no `{name}` in a lower layer that null could remove", at, hint)


def _lines(key: str, document: LocatedMap, resolve: Resolve, problems: Diagnostics) -> Iterator[JoinedLine]:
    """Yield the lines that a document writes under `key`, but for those that the schema forbids."""
    value = document[key]
    if value is None:
        return
    if isinstance(value, LocatedMap):
        kept = LocatedMap(value.at)
        for section in (section for section, names in value.items() if names is not None):
            kept.take(section, value)
        value = kept
    alone = LocatedMap(document.at)
    alone.put(key, resolve(value), document.keys_at[key], document.values_at[key])
    flagged = validate.manifest(alone, problems)
    for section, items in _items(alone[key]) if key == _ABSENT else [("", alone[key])]:
        if section and section not in _NAMED:
            continue
        path = (key, section) if section else (key,)
        for number, (item, at) in enumerate(
            zip(items, items.items_at, strict=True) if isinstance(items, LocatedList) else ()
        ):
            here = (*path, str(number))
            if is_valid(item) and not any(each[: len(here)] == here[: len(each)] for each in flagged):
                yield JoinedLine(section, item, at)


def _items(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, LocatedMap) else []


def _settled(
    absent: list[list[JoinedLine]],
    merged: LocatedMap,
    layers: Sequence[Sequence[LocatedMap]],
    resolve: Resolve,
    problems: Diagnostics,
) -> list[list[JoinedLine]]:
    """Return the `absent` of each layer that no entry of an upper layer lifts; takes entries of lower layers away."""
    result: list[list[JoinedLine]] = []
    contradicted: set[_Name] = set()
    for lines, layer in zip(absent, layers, strict=True):
        written = _written(layer, resolve)
        result = [[line for line in lower if _name(line) not in written] for lower in result]
        for line in lines:
            if (name := _name(line)) in written:
                contradicted.add(name)
                kind = SECTIONS[line.section].name
                message = f"{kind} `{line.value}` must be absent, but is also written at {written[name]}"
                problems.add(message, line.at, "delete one of the two")
        result.append(lines)
    _take_away({_name(line) for lines in result for line in lines} - contradicted, merged, resolve)
    return result


def _name(line: JoinedLine) -> _Name:
    """Return section and key, spelled as keys are compared; a secret is reported later on and names nothing."""
    return line.section, SECTIONS[line.section].normal_key(line.value) if isinstance(line.value, str) else ""


def _written(layer: Sequence[LocatedMap], resolve: Resolve) -> dict[_Name, Position]:
    """Return the entries that a layer writes, and where."""
    written: dict[_Name, Position] = {}
    for document in layer:
        for section in SECTIONS.keys() & document.keys():
            value = resolve(document[section]) if isinstance(document[section], Tagged) else document[section]
            for key, entry in _items(value):
                if entry is not None:
                    written[section, SECTIONS[section].normal_key(key)] = value.keys_at[key]
    return written


def _take_away(names: set[_Name], merged: LocatedMap, resolve: Resolve) -> None:
    for section in {section for section, _ in names} & merged.keys():
        value = resolve(merged[section]) if isinstance(merged[section], Tagged) else merged[section]
        kept = LocatedMap(merged.values_at[section])
        for key, _ in _items(value):
            if (section, SECTIONS[section].normal_key(key)) not in names:
                kept.take(key, value)
        if isinstance(value, LocatedMap):
            merged[section] = kept


def _once(layers: Sequence[Sequence[JoinedLine]]) -> tuple[JoinedLine, ...]:
    """Return the lines of all layers, those of upper ones first; a line that is written twice counts once."""
    result: dict[object, JoinedLine] = {}
    for line in (line for lines in reversed(layers) for line in lines):
        mark = line.at if has_secret(line.value) else (line.section, canonical(plain(line.value)))
        result.setdefault(mark, line)
    return tuple(result.values())
