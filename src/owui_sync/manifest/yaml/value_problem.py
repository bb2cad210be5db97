"""The way in which a small step says that a value cannot be had; the caller knows the place."""

from __future__ import annotations


class ValueProblem(Exception):
    """A value cannot be had. Never leaves the station: it becomes a problem with a position.

    Args:
        message: what is wrong, one sentence.
        hint: what to do, or None.
    """

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Unkept(ValueProblem):
    """A file is in order here, and the server cannot keep it: one that was found, not named, may be left out.

    Args:
        name: the file as messages call it.
        why: the reason alone, such as `empty`.
    """

    def __init__(self, message: str, hint: str | None, name: str, why: str) -> None:
        super().__init__(message, hint)
        self.name = name
        self.why = why
