"""What a manifest says of the files of an object: where they are from, in the same words for every kind."""

from __future__ import annotations

from typing import Any

from owui_sync.values import Json

_PATTERNS: Json = {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1}
SOURCE: Json = {
    "oneOf": [
        {"type": "string", "minLength": 1},
        {
            "type": "object",
            "required": ["path"],
            "additionalProperties": False,
            "properties": {
                "path": {
                    "type": "string",
                    "minLength": 1,
                    "description": "A folder (or a file).",
                    "examples": ["docs"],
                },
                "include": {
                    **_PATTERNS,
                    "description": "Globs below it; one without a slash fits at any depth.",
                    "examples": [["**/*.md"]],
                },
                "exclude": {**_PATTERNS, "description": "Globs of what is left out.", "examples": [["drafts/**"]]},
                "gitignore": {
                    "type": "boolean",
                    "description": "Whether what git ignores is left out (default). Globs always leave it out; a file "
                    "that is named without a wildcard is always taken.",
                },
                "into": {
                    "type": "string",
                    "minLength": 1,
                    "description": "The folder for them on the server.",
                    "examples": ["Manual"],
                },
                "as": {
                    "type": "string",
                    "minLength": 1,
                    "description": "For a single file: its place on the server, with another name than here.",
                    "examples": ["manual/printers.md"],
                    "x-beside": {"path": "docs/printers.md"},
                },
            },
        },
        {
            "type": "object",
            "required": ["name", "content"],
            "additionalProperties": False,
            "properties": {
                "name": {
                    "type": "string",
                    "minLength": 1,
                    "description": "Its place on the server.",
                    "examples": ["hello.txt"],
                },
                "content": {"type": "string", "description": "Its text, byte for byte.", "examples": ["Hello"]},
            },
        },
    ]
}
"""Schema of one source of files."""


def by_place(value: Any) -> Any:
    """Return the normal form of the files themselves; sources as they are written have none."""
    files = isinstance(value, list) and all(isinstance(item, dict) and "sha256" in item for item in value)
    return sorted(value, key=lambda item: str(item["path"])) if files else value
