"""One value and the type that it has to have: what a program gives, as the library goes on with it.

Values that are as good as those asked for are taken: any collection for a list, any path, subclasses of `str` and `int`
(such as members of an `Enum`), which become plain ones. `Any` in a type is a value of JSON; `object` is anything.
"""

from __future__ import annotations

import math
import operator
import os
import ssl
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import httpx

from owui_sync.client.errors import WrongType, WrongValue

_LISTS = (list, Sequence, Iterable)
_MAPPINGS = (dict, Mapping)
_WORDS: dict[Any, str] = {
    Callable: "a function",
    str: "a text",
    bool: "True or False",
    int: "a whole number",
    float: "a number",
    Path: "a path",
    httpx.Timeout: "an httpx.Timeout",
    httpx.Limits: "an httpx.Limits",
    httpx.AsyncClient: "an httpx.AsyncClient",
    httpx.Client: "an httpx.Client",
    httpx.AsyncBaseTransport: "an httpx.AsyncBaseTransport",
    httpx.BaseTransport: "an httpx.BaseTransport",
    ssl.SSLContext: "an ssl.SSLContext",
}
_SHOWN = 40
"""Characters of a text that a message repeats."""

_LARGEST = 2**63 - 1
"""The largest whole number that databases keep."""


def taken(value: Any, hint: Any, name: str, *, secret: bool = False) -> Any:
    """Return `value` as a parameter of that type takes it.

    Args:
        value: what a program gave.
        hint: the type, as in an annotation.
        name: what messages call the value.
        secret: whether no message may repeat it.

    Raises:
        WrongType: it has another type, or a value in it.
        WrongValue: an item of a list is empty, a text cannot be sent, a number is none or too large.
    """
    arms = arms_of(hint)
    for arm in arms:
        if _fits(value, arm):
            return _plain(value, arm, name, is_path=Path in arms)
    given = f"a value of type {type(value).__name__}" if secret and value is not None else shown(value)
    raise WrongType(f"{name} has to be {_words(arms)}, not {given}", hint=None if secret else _instead(value, arms))


def arms_of(hint: Any) -> tuple[Any, ...]:
    """Return the types of which a value has to have one."""
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def shown(value: Any) -> str:
    """Return what was given, for a message; only a short text is repeated."""
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return f"the text {str.__str__(value)!r}" if len(value) <= _SHOWN else f"a text of {len(value)} characters"
    if isinstance(value, int | float) and abs(value) <= _LARGEST:
        return f"the number {value}"
    return f"a value of type {type(value).__name__}"


def is_empty(value: Any) -> bool:
    """Return whether a value is None, or an empty or false one of a type that Python itself has."""
    return value is None or (isinstance(value, str | int | float | list | tuple | dict | set | frozenset) and not value)


def _kind(hint: Any) -> Any:
    return get_origin(hint) or hint


def _fits(value: Any, hint: Any) -> bool:
    """Return whether a value has that type, whatever its items are."""
    kind = _kind(hint)
    if kind in (Any, object):
        return True
    if kind in _LISTS:
        return isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping | os.PathLike)
    if kind in _MAPPINGS:
        return isinstance(value, Mapping) and not isinstance(value, str)
    if kind is bool:
        return value is None or isinstance(value, bool) or (type(value) is int and value in (0, 1))
    if kind is int:
        return _is_whole(value)
    if kind is float:
        return isinstance(value, float) or _is_whole(value)
    return isinstance(value, os.PathLike) if kind is Path else isinstance(value, kind)


def _is_whole(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and operator.index(value) is not None
    except TypeError:
        return False


def _plain(value: Any, hint: Any, name: str, *, is_path: bool) -> Any:
    """Return a value that fits the type, with what is in it checked and brought into a plain form."""
    kind, items = _kind(hint), get_args(hint)
    if kind is Any:
        return _json(value, name)
    if kind in _LISTS:
        return _items(value, items[0] if items else Any, name)
    if kind in _MAPPINGS:
        return _entries(value, items[1] if items else Any, name)
    if kind is bool:
        return value if value is None else bool(value)
    if kind in (int, float):
        return _number(value, name)
    if kind is str:
        return _path(value, name) if is_path else _text(value, name)
    return Path(_path(os.fsdecode(value), name)) if kind is Path else value


def _items(values: Iterable[Any], hint: Any, name: str) -> list[Any]:
    items = [taken(value, hint, f"an item of {name}") for value in values]
    if any(isinstance(item, str) and not item.strip() for item in items):
        raise WrongValue(f"an item of {name} is empty", hint="leave it out")
    return items


def _entries(values: Mapping[Any, Any], hint: Any, name: str) -> dict[str, Any]:
    keys = {key: taken(key, str, f"a key of {name}") for key in values}
    return {key: taken(values[given], hint, f"{name}[{_brief(key)}]") for given, key in keys.items()}


def _number(value: Any, name: str) -> int | float:
    if isinstance(value, float):
        if math.isnan(value):
            raise WrongValue(f"{name} is not a number (nan)")
        return float(value)
    if abs(number := operator.index(value)) > _LARGEST:
        raise WrongValue(f"{name} is too large", hint=f"it has to be a number up to {_LARGEST}")
    return number


def _path(value: str, name: str) -> str:
    """Return a path, which may have bytes in it that are no text (as `os.fsdecode` writes them)."""
    if "\0" in value:
        raise WrongValue(f"{name} has a zero character in it, which no path has")
    return str.__str__(value)


def _text(value: str, name: str) -> str:
    text = str.__str__(value)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise WrongValue(
            f"{name} has a character at place {error.start + 1} that is half of one ({text[error.start]!r})",
            hint="texts have to be Unicode: read the file or the name that it comes from in its own encoding",
        ) from None
    return text


def _json(value: Any, name: str) -> Any:
    """Return a value of JSON, made of plain types.

    Raises:
        WrongType: there is none for it.
        WrongValue: it has a text that cannot be sent, a number that is none, or itself in it.
    """
    try:
        return _json_in(value, name)
    except RecursionError:
        raise WrongValue(f"{name.partition('[')[0]} has itself in it, or too much of one in another") from None


def _json_in(value: Any, name: str) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value, name)
    if isinstance(value, int | float):
        if math.isinf(number := _number(value, name)):
            raise WrongValue(f"{name} is not a number that JSON has ({number})")
        return number
    if isinstance(value, Mapping):
        return {_json_key(key, name): _json_in(one, f"{name}[{_brief(key)}]") for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_json_in(one, f"{name}[{number}]") for number, one in enumerate(value)]
    raise WrongType(f"{name} has to be a value of JSON, not {shown(value)}", hint="such as a text, a number or a list")


def _json_key(key: Any, name: str) -> str:
    whole = isinstance(key, int) and not isinstance(key, bool)
    return str(int(key)) if whole else str(taken(key, str, f"a key of {name}"))


def _brief(key: Any) -> str:
    return repr(key) if isinstance(key, str | int) and len(str(key)) <= _SHOWN else "..."


def _words(arms: Sequence[Any]) -> str:
    return " or ".join(dict.fromkeys(_word(arm) for arm in arms if arm is not NoneType))


def _word(hint: Any) -> str:
    kind, items = _kind(hint), get_args(hint)
    if kind in _LISTS:
        return f"a list of {' or '.join(map(_plural, arms_of(items[0])))}" if items else "a list"
    return "a mapping" if kind in _MAPPINGS else _WORDS.get(kind, getattr(kind, "__name__", str(kind)))


def _plural(hint: Any) -> str:
    return f"{_word(hint).removeprefix('an ').removeprefix('a ')}s"


def _instead(value: Any, arms: Sequence[Any]) -> str | None:
    if isinstance(value, str) and value.strip() and len(value) <= _SHOWN and any(_kind(arm) in _LISTS for arm in arms):
        return f"write [{str.__str__(value)!r}]"
    return "await it first" if isinstance(value, Coroutine) else None
