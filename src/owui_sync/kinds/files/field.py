"""What a manifest says of the files of an object: where they are from, in the same words for every kind."""

from __future__ import annotations

from typing import Any

from owui_sync.values import Json

_PATTERNS: Json = {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1}
_TEXT: Json = {"type": "string", "minLength": 1}
_PATH: Json = {**_TEXT, "description": "A folder (or a file).", "examples": ["docs"]}
_INCLUDE: Json = {
    **_PATTERNS,
    "description": "Globs below it; one without a slash fits at any depth.",
    "examples": [["**/*.md"]],
}
_EXCLUDE: Json = {**_PATTERNS, "description": "Globs of what is left out.", "examples": [["drafts/**"]]}
_GITIGNORE: Json = {
    "type": "boolean",
    "description": "Whether what git ignores is left out (default). Globs always leave it out; a file that is named "
    "without a wildcard is always taken.",
}
_INTO: Json = {**_TEXT, "description": "The folder for them on the server.", "examples": ["Manual"]}


def source_schema(example: str, *, into: bool = True) -> Json:
    """Return the schema of one source of files.

    Args:
        example: a place on the server that an object of the kind can have for its only file.
        into: whether the files of a source can be put into a folder.
    """
    place = {**_TEXT, "examples": [example]}
    renamed = {**place, "description": "For a single file: its place on the server, with another name than here."}
    properties: Json = {"path": _PATH, "include": _INCLUDE, "exclude": _EXCLUDE, "gitignore": _GITIGNORE}
    folder = {
        "type": "object",
        "required": ["path"],
        "additionalProperties": False,
        "properties": {
            **properties,
            **({"into": _INTO} if into else {}),
            "as": {**renamed, "x-beside": {"path": "docs/printers.md"}},
        },
    }
    text = {
        "type": "object",
        "required": ["name", "content"],
        "additionalProperties": False,
        "properties": {
            "name": {**place, "description": "Its place on the server."},
            "content": {"type": "string", "description": "Its text, byte for byte.", "examples": ["Hello"]},
        },
    }
    return {"oneOf": [_TEXT, folder, text]}


def by_place(value: Any) -> Any:
    """Return the normal form of the files themselves; sources as they are written have none."""
    files = isinstance(value, list) and all(isinstance(item, dict) and "sha256" in item for item in value)
    return sorted(value, key=lambda item: str(item["path"])) if files else value
