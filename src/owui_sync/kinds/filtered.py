"""Kinds whose list the server filters by access, for administrators too if it is set so."""

from __future__ import annotations

from typing import ClassVar


class Filtered:
    """A kind whose list hides what others own when the server runs with `BYPASS_ADMIN_ACCESS_CONTROL=false`."""

    unique: ClassVar[bool]
    """Whether the server refuses a second object of one key, also when the first one is hidden."""
