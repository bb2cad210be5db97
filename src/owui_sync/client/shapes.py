"""The shapes of requests and answers: kinds of requests, rows, and what to do when something else comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import Any, TypedDict, TypeVar, overload
from urllib.parse import quote

from owui_sync.client.errors import NotAnId, UnknownAnswer

Row = dict[str, Any]
"""One object as the server gives it. The modules of `client.api` say what is in most of them."""

Shape = TypeVar("Shape")


class SharedRow(TypedDict, total=False):
    """What rows of objects have in common that can be shared.

    Keys:
        access_grants: since 0.8.0.
        access_control: before 0.8.0 in place of `access_grants`.
    """

    access_grants: list[Row]
    access_control: Row | None


Scalar = str | int | float | bool
Params = Mapping[str, Scalar]
"""The query of a request."""


class Idempotency(Enum):
    """How a request may be repeated when it is not known whether it arrived."""

    SAFE = auto()
    """Arriving twice does no harm: reads, updates, deletes."""

    ONCE = auto()
    """Arriving twice makes two objects or undoes itself: creates, uploads, toggles."""


@overload
def as_row(answer: Any, method: str, path: str) -> Row: ...


@overload
def as_row(answer: Any, method: str, path: str, shape: type[Shape]) -> Shape: ...


def as_row(answer: Any, method: str, path: str, shape: Any = Row) -> Any:
    """Return `answer` itself, which has to be a JSON object.

    Args:
        answer: what came.
        method: of the request.
        path: of the request.
        shape: what is in the object, for whoever reads it; as in `typing.cast`, nothing is checked.

    Raises:
        UnknownAnswer: it is something else (`null` too).
    """
    if not isinstance(answer, dict):
        raise UnknownAnswer(method, path, 200, f"an object was expected, not {_name(answer)}")
    return answer


def as_rows(answer: Any, method: str, path: str, needs: Sequence[str] = ("id",)) -> list[Any]:
    """Return `answer` itself, which has to be a list of JSON objects.

    Args:
        answer: what came.
        method: of the request.
        path: of the request.
        needs: what identifies an object of this list: each row must have a text there.

    Raises:
        UnknownAnswer: it is something else.
    """
    if not isinstance(answer, list):
        raise UnknownAnswer(method, path, 200, f"a list was expected, not {_name(answer)}")
    for item in answer:
        row = as_row(item, method, path)
        for key in needs:
            if not isinstance(row.get(key), str):
                raise UnknownAnswer(method, path, 200, f"a row without its `{key}` in a list")
    return answer


def _name(value: Any) -> str:
    return "null" if value is None else f"a {type(value).__name__}"


def segment(text: str) -> str:
    """Return `text` as one segment of a path; ids of old objects may hold any character.

    Raises:
        NotAnId: empty, `.` or `..`, which would lead to another route.
    """
    if text in ("", ".", ".."):
        raise NotAnId(text)
    return quote(text, safe="")
