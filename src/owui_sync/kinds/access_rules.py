"""`access_rules`: bulk permissions for models by glob. Not a kind: it adds `access` to the entries of models."""

from __future__ import annotations

from owui_sync.kinds import access
from owui_sync.values import Json

SECTION = "access_rules"

SCHEMA: Json = {
    "type": "array",
    "description": "Access for many models at once, by globs of their ids, presets and providers' models alike. "
    "The first rule that fits a model counts; an `access` written at the model wins over all rules. The rules of all "
    "files and layers count together: those of upper layers first, inside a layer in the order of the files' paths.",
    "items": {
        "type": "object",
        "required": ["models", "access"],
        "additionalProperties": False,
        "properties": {
            "models": {
                "type": "array",
                "minItems": 1,
                "items": {"type": "string", "minLength": 1},
                "description": "Globs of model ids (`*`, `?`, `[...]`; case matters).",
                "examples": [["claude-*", "gpt-*"]],
            },
            "access": access.SCHEMA,
        },
    },
}
