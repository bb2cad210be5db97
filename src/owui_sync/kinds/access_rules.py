"""`access_rules`: bulk permissions for models by glob. Not a kind: it adds `access` to the entries of models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase

from owui_sync.kinds import access
from owui_sync.manifest.desired import AccessRule, Entry
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


def expand(entries: Mapping[str, Entry], rules: Iterable[AccessRule], ids: Iterable[str]) -> dict[str, Entry]:
    """The entries with the rules worked in.

    Args:
        entries: address -> entry, as written.
        rules: in the order in which they are written.
        ids: all model ids of the server, those of its providers included.
    """
    result = dict(entries)
    rules = tuple(rules)
    written = [entry.key for entry in entries.values() if entry.kind == "model"] if rules else []
    for key in dict.fromkeys([*written, *sorted(ids)] if rules else []):
        rule = next((rule for rule in rules if any(fnmatchcase(key, glob) for glob in rule.models)), None)
        if rule is None:
            continue
        entry = result.get(f"model/{key}")
        if entry is None:
            entry = Entry("model", key, {"access": rule.access}, rule.source, partial=True)
        elif "access" not in entry.values:
            values = {**entry.values, "access": rule.access}
            entry = replace(entry, values=values, positions={**entry.positions, "access": rule.source})
        result[entry.address] = entry
    return result
