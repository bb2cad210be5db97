"""What the YAML parser makes: plain mappings and lists that know where each of their parts is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, Final

from owui_sync.values import Position, Secret


class _Broken(Enum):
    INVALID = "broken"


INVALID: Final = _Broken.INVALID
"""Stands for a value that could not be had. It was reported already: whoever meets it says nothing more."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that a value is written in.

    Args:
        path: absolute.
        shown: as messages show it.
        root: the project that the file belongs to; its tags may not read outside of it.
    """

    path: Path
    shown: str
    root: Path


class LocatedMap(dict[str, Any]):
    """A mapping that knows where it begins (`at`) and where its keys and values are."""

    __slots__ = ("at", "keys_at", "values_at")

    def __init__(self, at: Position) -> None:
        super().__init__()
        self.at = at
        self.keys_at: dict[str, Position] = {}
        self.values_at: dict[str, Position] = {}

    def put(self, key: str, value: Any, key_at: Position, value_at: Position) -> None:
        """Set a key with its positions."""
        self[key] = value
        self.keys_at[key] = key_at
        self.values_at[key] = value_at

    def take(self, key: str, other: LocatedMap) -> None:
        """Set a key as it is in `other`."""
        self.put(key, other[key], other.keys_at[key], other.values_at[key])

    def drop(self, key: str) -> None:
        """Remove a key that is there."""
        del self[key], self.keys_at[key], self.values_at[key]


class LocatedList(list[Any]):
    """A list that knows where it begins (`at`) and where its items are."""

    __slots__ = ("at", "items_at")

    def __init__(self, at: Position) -> None:
        super().__init__()
        self.at = at
        self.items_at: list[Position] = []


@dataclass(frozen=True, slots=True)
class Tagged:
    """A value that a tag of ours stands for, not yet worked out.

    Args:
        tag: without the exclamation mark.
        argument: the text after it, or a `LocatedMap`.
    """

    tag: str
    argument: Any
    at: Position = field(compare=False)
    origin: Origin = field(compare=False)


def position(node: Any, path: Iterable[str | int], *, of_key: bool = False) -> Position | None:
    """Return where the value at `path` is written: the nearest place known, None when nothing on the way knows any.

    Args:
        of_key: the place of the last key rather than that of its value.
    """
    found: Position | None = getattr(node, "at", None)
    for step in path:
        if isinstance(node, LocatedMap) and step in node:
            places = node.keys_at if of_key else node.values_at
            found, node = places[str(step)], node[str(step)]
        elif isinstance(node, LocatedList) and isinstance(step, int):
            found, node = node.items_at[step], node[step]
        else:
            break
    return found


def find_text(node: Any, text: str) -> Position | None:
    """Return where `text` is written as a value inside `node`, or None."""
    places: Iterable[tuple[Any, Position]] = ()
    if isinstance(node, LocatedMap):
        places = [(value, node.values_at[key]) for key, value in node.items()]
    elif isinstance(node, LocatedList):
        places = zip(node, node.items_at, strict=True)
    for value, at in places:
        found = at if isinstance(value, str) and value == text else find_text(value, text)
        if found:
            return found
    return None


def is_valid(value: Any) -> bool:
    """Return whether nothing inside `value` is `INVALID`."""
    if isinstance(value, Mapping):
        return all(map(is_valid, value.values()))
    if isinstance(value, list):
        return all(map(is_valid, value))
    return value is not INVALID


def located(value: Any, at: Position) -> Any:
    """Return ordinary mappings and lists as if all of it were written at one place."""
    if isinstance(value, Mapping):
        mapping = LocatedMap(at)
        for key, item in value.items():
            mapping.put(key, located(item, at), at, at)
        return mapping
    if isinstance(value, list | tuple):
        items = LocatedList(at)
        items += [located(item, at) for item in value]
        items.items_at = [at] * len(items)
        return items
    return value


def plain(value: Any) -> Any:
    """Return `value` with ordinary mappings and lists, which share nothing with the ones it was made from."""
    if isinstance(value, Secret | str):
        return value
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value
