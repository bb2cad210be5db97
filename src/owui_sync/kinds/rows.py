"""Rows: objects as the server's JSON has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from owui_sync.values import ABSENT

if TYPE_CHECKING:
    from typing_extensions import TypeVar  # That of Python 3.11 has no default.

    R = TypeVar("R", bound=Mapping[str, Any], default=Any)
else:
    from typing import TypeVar

    R = TypeVar("R")
"""What is in the rows of a kind: one of the shapes of `owui_sync.client.api`."""

Row = dict[str, Any]
"""A row whose keys nobody checks: what the server is sent, and objects of any kind."""


def value_at(bag: Any, way: Iterable[str]) -> Any:
    """Return the value at the end of a way into mappings, or `ABSENT` where it leads nowhere."""
    for step in way:
        if not isinstance(bag, Mapping) or step not in bag:
            return ABSENT
        bag = bag[step]
    return bag


def put_at(bag: Row, way: Iterable[str], value: Any) -> None:
    """Put a value at the end of a way into mappings; what is no mapping on the way becomes one."""
    *inner, last = way
    for step in inner:
        if not isinstance(bag.get(step), dict):
            bag[step] = {}
        bag = bag[step]
    bag[last] = value


def set_among(bag: Mapping[str, Any] | None, *names: str) -> list[str]:
    """Return those of the names under which a bag holds anything."""
    return [name for name in names if (bag or {}).get(name)]


def set_besides(bag: Mapping[str, Any] | None, *names: str) -> list[str]:
    """Return the names under which a bag holds anything, without these."""
    return [name for name, value in (bag or {}).items() if value and name not in names]
