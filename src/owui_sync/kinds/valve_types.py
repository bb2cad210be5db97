"""What a valve takes, as far as its annotation says so in words that cannot mean anything else."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from owui_sync.values import Secret, same

_Test = Callable[[Any], bool]


def _is_integer(value: Any) -> bool:
    return not isinstance(value, bool) and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))


_SIMPLE: Final[dict[str, tuple[str, _Test]]] = {
    "int": ("an integer", _is_integer),
    "float": ("a number", lambda value: isinstance(value, int | float) and not isinstance(value, bool)),
    "bool": ("true or false", lambda value: isinstance(value, bool)),
    "str": ("a text", lambda value: isinstance(value, str)),
    "list": ("a list", lambda value: isinstance(value, list | tuple)),
    "dict": ("a mapping", lambda value: isinstance(value, Mapping)),
}
"""Name of a type -> what a person calls it, and which values of a manifest it takes without a change.

The server also takes some others, such as the text "7" for an integer, and keeps something else than the manifest has.
"""
_SAME: Final = {"List": "list", "Dict": "dict"}


def wrong_type(annotation: ast.expr | None, value: Any) -> str | None:
    """Return what a value must be instead, such as `an integer`; None where it fits or nothing can be said.

    Args:
        annotation: of the valve, in its source; None where it does not tell.
        value: as a manifest has it; of a `Secret` nothing is said.
    """
    if annotation is None or isinstance(value, Secret):
        return None
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return _quoted(annotation.value, value)
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        return _any_of([annotation.left, annotation.right], value)
    if isinstance(annotation, ast.Subscript):
        return _subscripted(annotation, value)
    name = _name(annotation)
    words, takes = _SIMPLE.get(name, ("", lambda _: True))
    return None if takes(value) else words


def _quoted(text: str, value: Any) -> str | None:
    try:
        return wrong_type(ast.parse(text, mode="eval").body, value)
    except SyntaxError:
        return None


def _subscripted(annotation: ast.Subscript, value: Any) -> str | None:
    name = _name(annotation.value)
    inner = annotation.slice
    parts: Sequence[ast.expr] = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if name == "Literal":
        return _literal(parts, value)
    if name == "Optional":
        return wrong_type(inner, value)
    if name == "Union":
        return _any_of(parts, value)
    words, takes = _SIMPLE.get(name, ("", lambda _: True))
    if not takes(value):
        return words
    if name == "list":
        found = next((wrong for item in value if (wrong := wrong_type(inner, item))), None)
        return f"a list, with {found} for each item" if found else None
    return None


def _literal(parts: Sequence[ast.expr], value: Any) -> str | None:
    choices = [part.value for part in parts if isinstance(part, ast.Constant)]
    plain = [one for one in choices if isinstance(one, str | int) or one is None]
    if len(plain) < len(parts) or any(same(value, one) for one in plain):
        return None
    return " or ".join(json.dumps(one, ensure_ascii=False) for one in plain)


def _any_of(parts: Sequence[ast.expr], value: Any) -> str | None:
    """Return what none of several types takes; `None` among them takes no value that a manifest sends."""
    typed = [part for part in parts if not (isinstance(part, ast.Constant) and part.value is None)]
    found = [wrong_type(part, value) for part in typed]
    said = [wrong for wrong in found if wrong is not None]
    return " or ".join(dict.fromkeys(said)) if len(said) == len(found) and said else None


def _name(node: ast.expr) -> str:
    """Return the last word of a name, as in `typing.List`, in the spelling of today."""
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return _SAME.get(name, name)
