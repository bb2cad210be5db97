"""What methods of a client accept: arguments are checked by their annotations before anything is sent.

A list may be given as any collection, and is passed on as a list; a text in its place is refused, as its letters would
be taken for items. Yes and no may be given as 0, 1 and None as well.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import httpx

from owui_sync.client.errors import WrongType, WrongValue

_NAMES = {
    *("chat_title", "new_title", "title", "name", "topic", "keyword", "knowledge_base_name", "file_path"),
    *("model_id", "chat_id", "folder_id", "note_id", "kb_id", "user_id", "command", "old_command", "new_command"),
}
"""Parameters whose texts name something, so that an empty one means nothing."""

_LISTS = (list, Sequence, Iterable)
_WORDS: dict[Any, str] = {
    Callable: "a function",
    str: "a text",
    bool: "True or False",
    int: "a whole number",
    float: "a number",
    Path: "a path",
    httpx.Timeout: "an httpx.Timeout",
}
_SHOWN = 40
"""Characters of a text that a message repeats."""


def accepted(
    method: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any], lenient: Collection[str] = ()
) -> dict[str, Any]:
    """Return the arguments of a method by name, without `self`, as the method takes them.

    Args:
        method: the method.
        args: arguments by place, without `self`.
        kwargs: arguments by name.
        lenient: parameters that may be empty or None as far as this function goes.

    Raises:
        WrongType: an argument has a type that its parameter does not take; or as Python raises TypeError for calls
            with too few or unknown arguments.
        WrongValue: a name, title or id is empty, or an item of a list.
    """
    parameters = _parameters(method)
    bound = _signature(method).bind(*args, **kwargs).arguments
    for name, value in bound.items():
        hint, needed = parameters[name]
        if name in lenient and not value:
            continue
        bound[name] = _taken(value, hint, name)
        if name in _NAMES and isinstance(value, str) and not value.strip() and (needed or name in ("title", "name")):
            raise WrongValue(f"{name} is empty")
    return bound


def require(arguments: Mapping[str, Any], names: Collection[str]) -> None:
    """Raise WrongValue if one of these arguments is empty or None."""
    for name in names:
        if not arguments.get(name):
            raise WrongValue(f"{name} is empty")


@functools.cache
def _signature(method: Callable[..., Any]) -> inspect.Signature:
    signature = inspect.signature(method)
    return signature.replace(parameters=list(signature.parameters.values())[1:])


@functools.cache
def _parameters(method: Callable[..., Any]) -> dict[str, tuple[Any, bool]]:
    """Return the type of each parameter, and whether it has to be given."""
    hints = get_type_hints(method)
    parameters = _signature(method).parameters.values()
    return {each.name: (hints[each.name], each.default is inspect.Parameter.empty) for each in parameters}


def _taken(value: Any, hint: Any, name: str) -> Any:
    """Return `value` as a parameter of that type takes it."""
    arms = _arms(hint)
    for arm in arms:
        if _fits(value, arm):
            return _items(value, get_args(arm), name) if _kind(arm) in _LISTS else value
    raise WrongType(f"{name} has to be {_words(arms)}, not {_shown(value)}", hint=_instead(value, arms))


def _kind(hint: Any) -> Any:
    return get_origin(hint) or hint


def _fits(value: Any, hint: Any) -> bool:
    """Return whether a value has that type, whatever its items are."""
    kind = _kind(hint)
    if kind in (Any, object):
        return True
    if kind in _LISTS:
        return isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping | Path)
    if kind in (dict, Mapping):
        return isinstance(value, Mapping) and not isinstance(value, str)
    if kind is bool:
        return value is None or isinstance(value, bool | int)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, kind)


def _items(values: Iterable[Any], hints: tuple[Any, ...], name: str) -> list[Any]:
    items = [_taken(value, hints[0] if hints else Any, f"an item of {name}") for value in values]
    if any(isinstance(item, str) and not item.strip() for item in items):
        raise WrongValue(f"an item of {name} is empty")
    return items


def _words(arms: Sequence[Any]) -> str:
    return " or ".join(dict.fromkeys(_word(arm) for arm in arms if arm is not NoneType))


def _word(hint: Any) -> str:
    kind, items = _kind(hint), get_args(hint)
    if kind in _LISTS:
        return f"a list of {' or '.join(map(_plural, _arms(items[0])))}" if items else "a list"
    return "a mapping" if kind in (dict, Mapping) else _WORDS.get(kind, getattr(kind, "__name__", str(kind)))


def _plural(hint: Any) -> str:
    return f"{_word(hint).removeprefix('a ')}s"


def _arms(hint: Any) -> tuple[Any, ...]:
    """Return the types of which a value has to have one."""
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def _shown(value: Any) -> str:
    """Return what was given; only a short text is repeated."""
    if value is None:
        return "None"
    if isinstance(value, str):
        return f"the text {value!r}" if len(value) <= _SHOWN else "a text"
    return f"a value of type {type(value).__name__}"


def _instead(value: Any, arms: Sequence[Any]) -> str | None:
    if isinstance(value, str) and value.strip() and len(value) <= _SHOWN and any(_kind(arm) in _LISTS for arm in arms):
        return f"write [{value!r}]"
    return None
