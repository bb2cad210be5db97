"""The way in which a small step says that a value cannot be had; the caller knows the place."""

from __future__ import annotations


class Wrong(Exception):
    """A value cannot be had. Never leaves the station: it becomes a problem with a position.

    Args:
        message: what is wrong, one sentence.
        hint: what to do, or None.
    """

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
