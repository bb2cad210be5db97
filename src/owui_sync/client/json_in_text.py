"""Finds JSON in what models write: fenced, between words, with commas too many, or several values in a row."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from owui_sync.client.shapes import Row
from owui_sync.values import load_json

_BRACKET = re.compile(r"[{\[]")
_CLOSING = {"{": "}", "[": "]"}
_PART = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)
_OPENS = re.compile(r"[{\[]\s*[\"'{\[\]}]")
"""How JSON begins; a bracket in a sentence is followed by a word."""

_MOST_OPEN = 100
"""Brackets that are never closed, after which no more are looked at: a model that repeats itself writes thousands."""

_EXTRA_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])', re.DOTALL)
_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)


def json_values(text: str) -> Iterator[Any]:
    """Yield the JSON objects and lists in a text, the outer ones alone.

    Raises:
        ValueError: there is none, or, after the others, one is not valid.
    """
    place, found, problem, unclosed = 0, False, "", 0
    while (start := _BRACKET.search(text, place)) and unclosed < _MOST_OPEN:
        is_meant = _OPENS.match(text, start.start()) is not None
        end = _end_of(text, start.start())
        unclosed += end is None
        if end is None and is_meant:
            problem = "it is not valid JSON: its end is missing"
            break
        place = end or start.end()
        try:
            value = _value_of(text[start.start() : place])
        except ValueError as error:
            problem = problem or (f"it is not valid JSON ({error})" if is_meant else "")
        else:
            found = True
            yield value
    if problem or not found:
        raise ValueError(problem or "there is no JSON in it")


def object_in(text: str) -> Row:
    """Return the first JSON object in a text, empty where there is none."""
    try:
        return next((value for value in json_values(text) if isinstance(value, dict)), {})
    except ValueError:
        return {}


def _end_of(text: str, start: int) -> int | None:
    """Return where the bracket at `start` is closed; None where it is not."""
    open_brackets: list[str] = []
    for part in _PART.finditer(text, start):
        if part[0] in _CLOSING:
            open_brackets.append(_CLOSING[part[0]])
        elif len(part[0]) == 1 and open_brackets and part[0] == open_brackets[-1]:
            open_brackets.pop()
            if not open_brackets:
                return part.end()
    return None


def _value_of(body: str) -> Any:
    """Return the value of a text in brackets.

    Raises:
        ValueError: it is neither JSON nor a mapping or list of Python.
    """
    try:
        return load_json(body)
    except ValueError as error:
        problem = error
    tidied = _EXTRA_COMMA.sub(r"\1", _COMMENT.sub(r"\1", body))
    for read in (load_json, _literal):
        try:
            return read(tidied)
        except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
            continue
    raise problem


def _literal(text: str) -> Any:
    """Return the mapping or list that a model wrote with Python's quotes."""
    value = ast.literal_eval(text)
    if not isinstance(value, dict | list):
        raise ValueError("it is neither a mapping nor a list")
    return value
