"""The JSON Schemas of manifests and of the configuration, made from the registry of kinds.

Two views of the same thing: `sections()` and `configuration()` say what values must be once tags are worked out and all
layers are merged; `manifest_schema()` and `config_schema()` are for one file in an editor (`manifest.schema.editor`).

`python -m owui_sync.manifest.schema.build FOLDER` writes the published files.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from owui_sync.kinds import KINDS, SECTIONS, access_rules
from owui_sync.kinds.areas import AreaKind
from owui_sync.kinds.base import Kind
from owui_sync.kinds.fields import Field
from owui_sync.manifest.receivers import EVENTS, FORMATS
from owui_sync.manifest.schema import jobs
from owui_sync.manifest.schema.editor import editor_view
from owui_sync.published import schema_id
from owui_sync.values import ABSENT, STACK_NAME, STACK_RULE, Json

VERSION = 1
"""The manifest format."""

VARIABLE_NAME = r"^[A-Za-z_][A-Za-z0-9_-]*$"

KEEP: Json = {
    "type": "boolean",
    "default": False,
    "description": "Never delete this object: a plan that would is refused, naming the entry.",
}

LONGEST_STACK = 63
"""Characters of a stack's name."""

UNMANAGED: Json = {
    "type": "array",
    "items": {"type": "string", "minLength": 1},
    "description": "Fields (or leaves, such as `params.temperature`) that stay as they are on the server, also where "
    "they were written earlier: they are not reset. An export lists here what it had to leave out.",
    "examples": [["knowledge"]],
}

_TEXTS: Json = {"type": "array", "items": {"type": "string", "minLength": 1}}
_STACK: Json = {
    "type": "string",
    "pattern": STACK_NAME,
    "description": "Who owns these resources. All manifests of a run say the same or nothing.",
    "examples": ["support"],
    "x-error": STACK_RULE,
}
_VARS: Json = {
    "type": "object",
    "propertyNames": {"pattern": VARIABLE_NAME, "x-error": "a variable's name has letters, digits, `_` and `-`"},
    "description": "Variables for `!var` and `!sub`: defaults, which target vars, --var-file and --var override, "
    "the later the stronger. Values of any type; tags work.",
    "examples": [{"stage": "production"}],
}


def field_schema(field: Field) -> Json:
    """Return the schema of a field, with what the registry knows beside it: default and first server version."""
    schema = dict(field.schema)
    if field.default is not ABSENT and field.default is not None:
        schema["default"] = field.default
    if field.since is not None:
        schema["x-since"] = field.since
    if field.required:
        schema["description"] = f"{schema['description']} A new object needs it."
    return schema


def entry_schema(kind: Kind) -> Json:
    """Return the schema of one entry of a kind; of the section, where each entry has fields of its own."""
    if isinstance(kind, AreaKind):
        return section_schema(kind)
    fields = {field.name: field_schema(field) for field in kind.fields}
    own = {} if kind.lifecycle.singleton else {"keep": KEEP, "unmanaged": UNMANAGED}
    return {"type": "object", "additionalProperties": False, "properties": {**fields, **own}}


def section_schema(kind: Kind) -> Json:
    """Return the schema of a kind's section."""
    if isinstance(kind, AreaKind):
        return kind.section_schema({"keep": KEEP, "unmanaged": UNMANAGED})
    if kind.lifecycle.singleton:
        return {**entry_schema(kind), "description": kind.summary}
    return {
        "type": "object",
        "description": f"{kind.summary} Key: {_lower_first(kind.key['description'])}",
        "propertyNames": kind.key,
        "additionalProperties": entry_schema(kind),
    }


def absent_schema() -> Json:
    """Return the schema of `absent`."""
    lists = {
        kind.section: {"type": "array", "description": f"Keys of {kind.section}.", "items": kind.key}
        for kind in KINDS.values()
        if not kind.lifecycle.singleton
    }
    return {
        "type": "object",
        "description": "What must not exist, whoever made it: lists of keys, by section. All files and layers count "
        "together. An entry in an upper layer lifts the line of a lower one, and the other way round; in one layer "
        "both are an error.",
        "additionalProperties": False,
        "properties": lists,
    }


def moved_schema() -> Json:
    """Return the schema of `moved`."""
    return {
        "type": "array",
        "description": "Keep an object and change its key, such as `- {prompts: {from: old, to: new}}`. The entry "
        "stands under its new key; a line may stay when it is done. The lines of all files and layers count together.",
        "items": {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": False,
            "properties": {kind.section: _move(kind) for kind in KINDS.values() if not kind.lifecycle.singleton},
        },
    }


def _move(kind: Kind) -> Json:
    return {
        "type": "object",
        "description": f"A move of one of {kind.section}.",
        "required": ["from", "to"],
        "additionalProperties": False,
        "properties": {
            "from": {**kind.key, "description": f"The old key. {kind.key['description']}"},
            "to": {**kind.key, "description": f"The new key. {kind.key['description']}"},
        },
    }


@cache
def sections() -> Mapping[str, Json]:
    """Return every top-level key of a manifest but `version`, with the schema of its value.

    All callers share the schemas: whoever needs another form makes a copy.
    """
    return {
        "stack": _STACK,
        "vars": _VARS,
        **{kind.section: section_schema(kind) for kind in KINDS.values()},
        access_rules.SECTION: access_rules.SCHEMA,
        jobs.SECTION: jobs.SCHEMA,
        "absent": absent_schema(),
        "moved": moved_schema(),
    }


TOP_LEVEL = ("version", "stack", "vars", *SECTIONS, access_rules.SECTION, jobs.SECTION, "absent", "moved")
"""Every section and other key that a manifest may have at its top."""

ANCHORS = "x-"
"""How the keys at the top begin that hold anchors and mean nothing by themselves."""


def manifest_schema() -> Json:
    """Return the JSON Schema of one manifest file for editors."""
    version = {"const": VERSION, "description": "The manifest format. Every file says it."}
    strict = {
        "$id": schema_id("manifest"),
        "title": "owui-sync manifest",
        "description": "What an Open WebUI server must have. Every section and field is optional; what is not written "
        "is not managed. `null` removes what a lower layer says.",
        "type": "object",
        "required": ["version"],
        "additionalProperties": False,
        "patternProperties": {f"^{ANCHORS}": {"description": "Holds anchors (`&name`) for the file; means nothing."}},
        "properties": {"version": version, **sections()},
    }
    return editor_view(strict)


def target_schema() -> Json:
    """Return the schema of one target of the configuration."""
    return {
        "type": "object",
        "description": "One server to bring the manifests to.",
        "additionalProperties": False,
        "properties": {
            "url": {"type": "string", "minLength": 1, "description": "Address of the server; --url wins over it."},
            "token": {
                "type": "string",
                "minLength": 1,
                "x-secret": "OWUI_TOKEN",
                "description": "API key or JWT, by `!secret NAME` or `!env NAME`, never written out.",
            },
            "token_file": {"type": "string", "minLength": 1, "description": "File with the token, from this folder."},
            "ca_bundle": {
                "type": "string",
                "minLength": 1,
                "description": "File with certificates (PEM) to trust, from this folder.",
            },
            "headers": {
                "type": "object",
                "description": "Headers to send with each request, for a gateway before the server. Values are never "
                "shown; write what is secret as `!secret NAME`.",
                "propertyNames": {
                    "pattern": r"^[A-Za-z0-9_-]+$",
                    "x-error": "a header's name has letters, digits, `-`",
                },
                "additionalProperties": {"type": "string", "minLength": 1},
                "examples": [{"X-Api-Gateway": "team-a"}],
            },
            **_common("of this target; they replace the common ones", "of this target; they win over the common ones"),
        },
    }


def _common(layers: str, variables: str) -> Json:
    return {
        "layers": {
            **_TEXTS,
            "minItems": 1,
            "description": f"Files and folders with manifests, lowest first, {layers}.",
        },
        "stack": _STACK,
        "vars": {**_VARS, "description": f"Variables {variables}."},
        "only": {**_patterns(), "description": f"What commands are about, {layers}. {_NARROWED}"},
        "exclude": {**_patterns(), "description": f"What no command is about, {layers}. {_NARROWED}"},
        "server_version": {
            "type": "string",
            "pattern": r"^\d+\.\d+\.\d+",
            "x-error": "a version has three numbers, such as 0.12.4, in quotes if need be",
            "description": f"Version of Open WebUI, {layers}; `test` and `rehearse` start it.",
            "examples": ["0.12.4"],
        },
        "notify": {**NOTIFY_SCHEMA, "description": f"Whom plan, apply, destroy and run tell how they ended, {layers}."},
    }


NOTIFY_SCHEMA: Json = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["url"],
        "additionalProperties": False,
        "properties": {
            "url": {
                "type": "string",
                "minLength": 1,
                "x-secret": "SLACK_WEBHOOK",
                "description": "Address of a web hook, by `!secret NAME`, never written out: who knows it can write "
                "there.",
            },
            "when": {
                "type": "array",
                "minItems": 1,
                "uniqueItems": True,
                "items": {"enum": list(EVENTS)},
                "default": list(EVENTS),
                "description": "What it is told of: a command `failed`, a plan found `drift`, changes were `applied`.",
            },
            "format": {
                "enum": list(FORMATS),
                "default": FORMATS[0],
                "description": "What the receiver understands: the message as JSON, or that of Slack or Teams.",
            },
        },
    },
}
_NARROWED = "KIND/GLOB, as for --only and --exclude, which narrow it further. Nothing else is changed or deleted."


def _patterns() -> Json:
    kinds = sorted({"job", jobs.SECTION, *KINDS, *SECTIONS})
    item = {"type": "string", "pattern": rf"^({'|'.join(kinds)})/.+$", "x-error": "write it as KIND/GLOB"}
    return {"type": "array", "items": item, "examples": [["models/support-*"]]}


def config_schema() -> Json:
    """Return the JSON Schema of `owui-sync.yaml` for editors."""
    return editor_view(configuration())


def configuration() -> Json:
    """Return the schema of the configuration, whose values may have tags."""
    return {
        "$id": schema_id("config"),
        "title": "owui-sync configuration",
        "description": "What commands read without being told: layers, variables, targets. Paths are relative to the "
        "file. Tags work in values.",
        "type": "object",
        "required": ["version"],
        "additionalProperties": False,
        "properties": {
            "version": {"const": VERSION, "description": "The configuration format."},
            **_common("for all targets", "for all targets; they win over `vars` of the manifests"),
            "targets": {
                "type": "object",
                "description": "Servers, by name.",
                "propertyNames": {"minLength": 1},
                "additionalProperties": target_schema(),
            },
            "default_target": {"type": "string", "description": "The target without --target."},
        },
    }


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def text_of(schema: Json) -> str:
    """Return a schema as the published files spell it."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write(folder: Path) -> list[Path]:
    """Write `manifest.schema.json` and `config.schema.json` and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in (("manifest", manifest_schema()), ("config", config_schema())):
        path = folder / f"{name}.schema.json"
        path.write_text(text_of(schema), encoding="utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    write(Path(sys.argv[1]))
