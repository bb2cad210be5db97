"""Plain words for messages and `explain`: what a value is, what a schema asks for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from owui_sync.values import Json, has_secret

_MAX_SHOWN = 40

_TYPES = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "`true` or `false`",
    "object": "a mapping",
    "array": "a list",
    "null": "`null`",
}


def listed(names: Iterable[str], mark: str = "", last: str = ", ") -> str:
    """Return the names in backticks, each after `mark`, with `last` before the last one."""
    quoted = [f"`{mark}{name}`" for name in names]
    return last.join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def value_words(value: Any) -> str:
    """Return what a wrong value is: its kind, and the value itself when that is short and no secret."""
    if has_secret(value):
        return "a secret"
    if value is None:
        return "`null`"
    if isinstance(value, bool):
        return f"`{json.dumps(value)}`"
    if isinstance(value, int | float):
        return f"the number {json.dumps(value)}"
    if isinstance(value, str):
        short = value if len(value) <= _MAX_SHOWN and "\n" not in value else None
        return "a long text" if short is None else f"the text `{short}`" if short else "an empty text"
    return "a mapping" if isinstance(value, Mapping) else "a list" if isinstance(value, list) else "a tag"


def type_words(schema: Any) -> str:
    """Return what a JSON Schema asks for, in words."""
    if not isinstance(schema, dict) or not schema:
        return "any value"
    if "const" in schema:
        return f"`{_spelled(schema['const'])}`"
    if "enum" in schema:
        return listed(map(_spelled, schema["enum"]), last=" or ")
    for keyword in ("oneOf", "anyOf"):
        if keyword in schema:
            return ", or ".join(map(type_words, schema[keyword]))
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return " or ".join(_TYPES[kind] for kind in kinds)
    return _collection_words(schema) if kinds in ("array", "object") else _TYPES.get(str(kinds), "any value")


def _spelled(value: Any) -> str:
    """Return a value as YAML has it."""
    return value if isinstance(value, str) else json.dumps(value)


def allowed(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties of a JSON Schema without those that are only there to be refused."""
    return {name: sub for name, sub in properties.items() if not is_refused(sub)}


def is_refused(schema: Any) -> bool:
    """Return whether a JSON Schema lets no value pass."""
    return schema is False or (isinstance(schema, dict) and schema.get("not") == {})


def _collection_words(schema: Json) -> str:
    if schema["type"] == "array":
        return _list_words(schema.get("items"))
    known = allowed(schema.get("properties") or {})
    values = schema.get("additionalProperties")
    if known and values is False:
        return f"a mapping with {listed(known, last=' and ')}"
    if isinstance(values, dict) and "type" in values:
        return f"a mapping of names to {_PLURALS.get(values['type'], 'values')}"
    return "a mapping"


_PLURALS = {"string": "texts", "number": "numbers", "integer": "whole numbers", "boolean": "`true` or `false`"}
_PLURALS |= {"object": "mappings", "array": "lists"}


def _list_words(items: Any) -> str:
    if isinstance(items, dict) and items.get("type") in _PLURALS:
        return f"a list of {_PLURALS[items['type']]}"
    return f"a list, each item {type_words(items)}" if isinstance(items, dict) and "oneOf" in items else "a list"


def options(schema: Any) -> list[str]:
    """Return the fixed texts that a schema allows, whatever else it does."""
    if not isinstance(schema, dict):
        return []
    fixed = [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else [])]
    inner = [*schema.get("oneOf", ()), *schema.get("anyOf", ())]
    return [text for text in fixed if isinstance(text, str)] + [text for sub in inner for text in options(sub)]
