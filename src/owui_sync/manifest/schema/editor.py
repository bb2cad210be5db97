"""What an editor is told about a file: the schema of its values, as far as they are known before tags are worked out.

An editor does not know what `!var stage` stands for. Language servers take a tag for a value of the type that the
settings of the editor name for it; `null` is the one type that nothing else in a manifest has. So every value may be
null here: as a tag, and in a layer, where null removes what a lower layer says. Mistakes in what is written out are
still found.

The reader of manifests never uses this view: it checks values after tags.
"""

from __future__ import annotations

from typing import Any

from owui_sync.values import Json

DIALECT = "http://json-schema.org/draft-07/schema#"
"""The version of JSON Schema that editors support best."""

_NULL: Json = {"type": "null"}

_TOLD = ("title", "description", "default", "examples", "defaultSnippets", "x-since", "x-error")
"""Keywords that say something of a value and check nothing."""

_STRICT = ("enum", "const", "pattern", "oneOf", "anyOf", "allOf", "$ref")
"""Keywords beside which `null` in `type` is not enough: language servers compare the text after a tag with them."""


def editor_view(document: Json) -> Json:
    """Return the schema of a file for editors: every value in it, but for `version`, may be null."""
    view = _inside(document)
    view["properties"]["version"] = document["properties"]["version"]
    return {"$schema": DIALECT, **view}


def _value(schema: Any) -> Any:
    """Return the schema of a value with null allowed for it, and for everything below."""
    if not isinstance(schema, dict) or schema.get("not") == {}:
        return schema
    view = _with_snippets(_inside(schema))
    if view.get("not") == _NULL:
        del view["not"]
    types = _types(view)
    if not view.keys() & set(_STRICT):
        return {**view, "type": [*types, "null"]} if types and "null" not in types else view
    told = {key: view.pop(key) for key in _TOLD if key in view}
    if view.keys() != {"oneOf"}:
        return {**told, "anyOf": [view, _NULL]}
    forms = view["oneOf"]
    return {**told, "oneOf": forms if any("null" in _types(form) for form in forms) else [*forms, _NULL]}


def _inside(schema: Json) -> Json:
    """Return a schema with null allowed for the values in the mapping or list that it is about."""
    view = dict(schema)
    for keyword in ("properties", "patternProperties"):
        if keyword in schema:
            view[keyword] = {name: _value(sub) for name, sub in schema[keyword].items()}
    for keyword in ("additionalProperties", "items"):
        if keyword in schema:
            view[keyword] = _value(schema[keyword])
    for keyword in ("oneOf", "anyOf", "allOf"):
        if keyword in schema:
            view[keyword] = [_inside(form) for form in schema[keyword]]
    return view


def _types(schema: Json) -> list[str]:
    types = schema.get("type", [])
    return [types] if isinstance(types, str) else list(types)


def _with_snippets(schema: Json) -> Json:
    """Return a schema whose examples are snippets where they are mappings or lists, which have no readable name."""
    examples = schema.get("examples", [])
    bodies = [example for example in examples if isinstance(example, dict | list)]
    if not bodies:
        return schema
    plain = [example for example in examples if example not in bodies]
    view = {key: value for key, value in schema.items() if key != "examples"} | ({"examples": plain} if plain else {})
    return {**view, "defaultSnippets": [{"label": _label(body), "body": _escaped(body)} for body in bodies]}


def _label(body: Any) -> str:
    from yaml import safe_dump

    return str(safe_dump(body, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10_000)).strip()


def _escaped(value: Any) -> Any:
    """Return a body in which `$` begins no placeholder of a snippet."""
    if isinstance(value, dict):
        return {key: _escaped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_escaped(item) for item in value]
    return value.replace("$", "\\$") if isinstance(value, str) else value
