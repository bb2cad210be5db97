"""What differs inside two nested values, such as `params`, permissions or a list of mappings, leaf by leaf."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from owui_sync.values import ABSENT

Operation = Literal["add", "remove", "change"]

_PLAIN_KEY = re.compile(r"[^.\[\]\"]+")
_FLAGS = {True: b"true", False: b"false"}
_OPERATIONS: Mapping[str, Operation] = {
    "dictionary_item_added": "add",
    "iterable_item_added": "add",
    "dictionary_item_removed": "remove",
    "iterable_item_removed": "remove",
    "values_changed": "change",
    "type_changes": "change",
}


@dataclass(frozen=True, slots=True)
class NestedChange:
    """One difference inside a value.

    Args:
        keys: the way to it from the whole value on; positions in lists are those before the change, for what is added
            those after it.
        operation: what happens there.
        before: what is there now; `ABSENT` for what is added.
        after: what will be there; `ABSENT` for what is removed.
    """

    keys: tuple[str | int, ...]
    operation: Operation
    before: Any
    after: Any

    @property
    def path(self) -> str:
        """The way to it as a text, such as `a.b[0].c`; a key that could be misread is quoted: `["gpt-4.1"].max`."""
        return path_text(self.keys)


def are_nested(before: Any, after: Any) -> bool:
    """Tell whether two values have parts that can be compared with each other."""
    return any(all(isinstance(value, types) for value in (before, after)) for types in (Mapping, list | tuple))


def nested_changes(before: Any, after: Any) -> list[NestedChange]:
    """Compare two JSON values part by part; the result is sorted by path. `1` and `1.0` are the same."""
    from deepdiff import DeepDiff  # Takes 0.1 s to import, so only where something differs.

    tree = DeepDiff(
        _comparable(before), _comparable(after), view="tree", ignore_private_variables=False, threshold_to_diff_deeper=0
    )
    found = []
    for kind, levels in tree.items():
        for level in levels:
            operation = _OPERATIONS[kind]
            old, new = level.path(output_format="list"), level.path(output_format="list", use_t2=True)
            was = ABSENT if operation == "add" else _part(before, old)
            will = ABSENT if operation == "remove" else _part(after, new)
            found.append(NestedChange(tuple(new if operation == "add" else old), operation, was, will))
    return sorted(found, key=lambda change: [_order(key) for key in change.keys])


def path_text(keys: Sequence[str | int]) -> str:
    """Write the way to a part of a value."""
    text = ""
    for key in keys:
        if isinstance(key, int):
            text += f"[{key}]"
        elif _PLAIN_KEY.fullmatch(key):
            text += f".{key}" if text else key
        else:
            text += f"[{json.dumps(key, ensure_ascii=False)}]"
    return text


def _comparable(value: Any) -> Any:
    """Bring a value to a form whose parts are equal when they are the same in JSON: for Python, `1` equals `True`."""
    if isinstance(value, bool):
        return _FLAGS[value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: _comparable(item) for key, item in value.items()}
    return [_comparable(item) for item in value] if isinstance(value, list | tuple) else value


def _part(value: Any, keys: Sequence[str | int]) -> Any:
    for key in keys:
        value = value[key]
    return value


def _order(key: str | int) -> tuple[int, str]:
    """Sort positions in lists by number."""
    return (key, "") if isinstance(key, int) else (-1, key)
