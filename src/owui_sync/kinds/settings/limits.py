"""The limits of what may be uploaded. The server checks them when a file comes, and keeps what it has."""

from __future__ import annotations

from typing import Any


def narrows(path: str, before: Any, after: Any) -> bool:
    """Return whether a change of a setting makes the server refuse files that it takes now, and take no others.

    Administrators are no exception. `FILE_MAX_COUNT` binds the page only.
    """
    if path == "ALLOWED_FILE_EXTENSIONS":
        return bool(after) and (not before or set(after) < set(before))
    if path == "FILE_MAX_SIZE":
        return _size(after) < _size(before)
    return False


def _size(value: Any) -> float:
    """Return a limit in megabytes; nothing and 0 are none."""
    return float(value) if isinstance(value, int) and value else float("inf")
