"""What methods of a client accept: arguments are checked before anything is sent, by their types and by what they mean.

Annotations are the types (see `values`); names tell the rest (see `meanings`).
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from typing import Any, get_type_hints

from owui_sync.client.errors import WrongType, WrongValue
from owui_sync.client.facade.meanings import check_meaning
from owui_sync.client.facade.values import is_empty, taken


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
        WrongType: an argument has a type that its parameter does not take, is unknown or missing.
        WrongValue: an argument means nothing, such as an empty name.
    """
    parameters, bound = _parameters(method), _bound(method, args, kwargs)
    given = {
        name: value if name in lenient and is_empty(value) else taken(value, parameters[name][0], name)
        for name, value in bound.items()
    }
    return {
        name: value
        if name in lenient and is_empty(value)
        else check_meaning(name, value, needed=parameters[name][1], others=given)
        for name, value in given.items()
    }


def require(arguments: Mapping[str, Any], names: Collection[str]) -> None:
    """Raise WrongValue if one of these arguments was given and is empty or None."""
    for name in names:
        if name in arguments and is_empty(arguments[name]):
            raise WrongValue(f"{name} is empty")


def _bound(method: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    signature = _signature(method)
    try:
        return dict(signature.bind(*args, **kwargs).arguments)
    except TypeError as error:
        near = [found for name in kwargs for found in get_close_matches(name, signature.parameters, 1)]
        unknown = not kwargs.keys() <= signature.parameters.keys()
        hint = f"it takes {', '.join(signature.parameters) or 'none'}"
        if unknown and near:
            hint = f"did you mean {near[0]}?"
        raise WrongType(f"{method.__name__}() {error}", hint=hint) from None


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
