"""Plain scalars of YAML 1.2's core schema: `yes`, `NO`, `on`, dates and `1:30` are texts."""

from __future__ import annotations

import math
import re
from typing import Any

from owui_sync.manifest.yaml.value_problem import ValueProblem

_WORDS: dict[str, Any] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}
_INT = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_MAY_BE_NUMBER = frozenset("0123456789+-.")

_SMALLEST, _LARGEST = -(2**63), 2**64 - 1
"""Of what has 64 bits, with or without a sign. Beyond it servers make a floating-point number of an integer."""
_MAX_DIGITS = 300
"""More than any float holds; Python itself refuses to read integers of some thousands of digits."""


def scalar(text: str) -> Any:
    """Return the value of a plain (unquoted) scalar.

    Raises:
        ValueProblem: a number that JSON does not have (infinite, not a number), or an integer that no server keeps.
    """
    if text in _WORDS:
        return _WORDS[text]
    return _number(text) if text[0] in _MAY_BE_NUMBER else text


def _number(text: str) -> Any:
    if _INT.fullmatch(text):
        if len(text) > _MAX_DIGITS:
            raise ValueProblem("the number is too long", "quote it if it is a text")
        return _integer(int(text))
    if _BASED.fullmatch(text):
        return _integer(int(text, 0))
    if _NOT_FINITE.fullmatch(text):
        raise ValueProblem(f"`{text}` is not a number that can be sent to a server", "quote it if it is a text")
    if not _FLOAT.fullmatch(text):
        return text
    value = float(text)
    if not math.isfinite(value):
        raise ValueProblem("the number is too large", "quote it if it is a text")
    return value


def _integer(value: int) -> int:
    if not _SMALLEST <= value <= _LARGEST:
        raise ValueProblem(
            "the number has more than 64 bits, and no server keeps it as it is", "quote it if it is a text"
        )
    return value
