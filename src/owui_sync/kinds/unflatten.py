"""From the paths of an object's values back to the fields that a manifest writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from owui_sync.kinds.base import Kind
from owui_sync.kinds.fields import Field
from owui_sync.kinds.rows import put_at
from owui_sync.values import same


def unflatten(kind: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return field -> value, from path -> value: the inverse of `Field.paths` for each field.

    A list whose items have paths of their own is there if the path of the list itself is.
    """
    fields: dict[str, Any] = {}
    lists: dict[str, dict[str, Any]] = {}
    for path, value in values.items():
        field = kind.field(path)
        if field.split is not None:
            lists.setdefault(field.name, {})[path] = value
        else:
            put_at(fields, path.split(".", field.depth), value)
    together = {name: _put_together(kind.field(name), some) for name, some in lists.items() if name in some}
    return fields | together


def _put_together(field: Field, values: Mapping[str, Any]) -> Any:
    """Return a list whose items have paths of their own, with what the items have besides their defaults."""
    name, known = field.name, field.schema.get("items", {}).get("properties", {})
    if not isinstance(values[name], list):
        return values[name]
    items: dict[str, dict[str, Any]] = {
        key: {
            each: item for each, item in values.get(f"{name}.{key}", {}).items() if not _is_given(item, known.get(each))
        }
        for key in values[name]
    }
    for path, value in values.items():
        for key, item in items.items():
            inner = path.removeprefix(f"{name}.{key}.")
            if inner != path and "." not in inner:
                item[inner] = value
    return list(items.values())


def _is_given(value: Any, schema: Any) -> bool:
    """Return whether an item has a value without its being written."""
    return isinstance(schema, dict) and "default" in schema and same(value, schema["default"])
