"""Rows: objects as the server's JSON has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Row = dict[str, Any]


def set_among(bag: Mapping[str, Any] | None, *names: str) -> list[str]:
    """Return those of the names under which a bag holds anything."""
    return [name for name in names if (bag or {}).get(name)]


def set_besides(bag: Mapping[str, Any] | None, *names: str) -> list[str]:
    """Return the names under which a bag holds anything, without these."""
    return [name for name, value in (bag or {}).items() if value and name not in names]
