"""Pieces that the JSON Schemas of documents are made of."""

from __future__ import annotations

from owui_sync.values import Json

PLACE: Json = {"pattern": ":[0-9]{1,1000}:[0-9]{1,1000}$"}
"""What a place in a manifest looks like: `file:line:column`."""


def text(description: str) -> Json:
    """A text."""
    return {"type": "string", "description": description}


def count(description: str) -> Json:
    """A number of things."""
    return {"type": "integer", "minimum": 0, "description": description}


def maybe(type_: str, description: str) -> Json:
    """A value of a type, or null."""
    return {"type": [type_, "null"], "description": description}


def texts(description: str) -> Json:
    """A list of texts."""
    return {"type": "array", "items": {"type": "string"}, "description": description}


def list_of(definition: str, description: str) -> Json:
    """A list of what is defined under `$defs`."""
    return {"type": "array", "items": {"$ref": f"#/$defs/{definition}"}, "description": description}


def record(description: str, required: Json, optional: Json | None = None) -> Json:
    """An object with exactly these keys."""
    return {
        "type": "object",
        "description": description,
        "required": list(required),
        "additionalProperties": False,
        "properties": required | (optional or {}),
    }
