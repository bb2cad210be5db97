"""The shapes of answers: rows, and what to do when something else comes."""

from __future__ import annotations

from typing import Any

from owui_sync.client.errors import UnknownAnswer

Row = dict[str, Any]
"""One object as the server gives it."""


def as_row(answer: Any, method: str, path: str) -> Row:
    """`answer` itself, which has to be a JSON object.

    Raises:
        UnknownAnswer: it is something else (`null` too).
    """
    if not isinstance(answer, dict):
        raise UnknownAnswer(method, path, 200, f"an object was expected, not {_name(answer)}")
    return answer


def as_rows(answer: Any, method: str, path: str) -> list[Row]:
    """`answer` itself, which has to be a list of JSON objects.

    Raises:
        UnknownAnswer: it is something else.
    """
    if not isinstance(answer, list):
        raise UnknownAnswer(method, path, 200, f"a list was expected, not {_name(answer)}")
    for item in answer:
        as_row(item, method, path)
    return answer


def _name(value: Any) -> str:
    return "null" if value is None else f"a {type(value).__name__}"
