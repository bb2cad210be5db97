"""The JSON Schema of `fleet.yaml` and of the files that list its instances.

`python -m owui_sync.fleet.schema FOLDER` writes the published file.
"""

from __future__ import annotations

import sys
from pathlib import Path

from owui_sync.fleet.instance import NAME, NAME_RULE
from owui_sync.fleet.report_schema import report_schema
from owui_sync.manifest.schema.build import NOTIFY_SCHEMA, target_schema, text_of
from owui_sync.manifest.schema.editor import editor_view
from owui_sync.published import schema_id
from owui_sync.values import Json

_SCALAR: Json = {"type": ["string", "number", "boolean"]}
_SHARE: Json = {"type": ["integer", "string"], "minimum": 0, "pattern": r"^\s*\d+\s*%?\s*$"}


def _text(description: str) -> Json:
    return {"type": "string", "minLength": 1, "description": description}


def _settings() -> Json:
    """Return the properties that an instance may have, and `defaults` and `from` for many of them."""
    target = target_schema()["properties"]
    del target["notify"]  # There is one message for a run, not one for each instance.
    return {
        **target,
        "token_env": _text("Environment variable with the token; `NAME_FILE` names a file with it instead."),
        "labels": {
            "type": "object",
            "additionalProperties": _SCALAR,
            "description": "What --label and waves select by.",
            "examples": [{"ring": "canary", "region": "eu"}],
        },
        "config": _text("Configuration, from the folder of the fleet's file; default: owui-sync.yaml there."),
        "target": _text("Target of the configuration whose layers, variables and stack the instance has."),
        "parallelism": {"type": "integer", "minimum": 1, "description": "Requests at once to the instance."},
        "timeout": {"type": "number", "exclusiveMinimum": 0, "description": "Seconds for one request."},
        "rate": {"type": "number", "exclusiveMinimum": 0, "description": "Requests per second at most."},
    }


def _closed(description: str, properties: Json) -> Json:
    return {
        "type": "object",
        "description": description,
        "additionalProperties": False,
        "properties": properties,
    }


def _instances() -> Json:
    return {
        "type": "object",
        "description": "Instances by name.",
        "propertyNames": {"pattern": NAME, "x-error": NAME_RULE},
        "additionalProperties": _closed("One instance.", _settings()),
    }


def _source() -> Json:
    sources: Json = {
        "file": _text("Files, or a glob, each with one instance or with `instances`."),
        "csv": _text("A table with a column `name`; see the documentation for the others."),
        "command": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "string"},
            "description": "A program that prints one JSON object a line: name, url, token_env, labels and so on.",
        },
    }
    settings = _settings()
    settings["timeout"] = {
        **settings["timeout"],
        "description": "Seconds for one request; beside `command`, those that the program may take.",
    }
    return _closed("Where instances are listed, and what they have in common.", {**settings, **sources})


def _wave() -> Json:
    values = {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR}]}
    properties: Json = {
        "name": _text("For messages and reports."),
        "select": {
            "type": "object",
            "additionalProperties": values,
            "description": "Label -> value, or values, of the instances; without it all that no earlier wave has.",
        },
        "parallel": {"type": "integer", "minimum": 1, "description": "Instances at the same time."},
        "max_failures": {
            **_SHARE,
            "default": 0,
            "description": "How many instances, or which percentage of the wave, may fail before no more are started.",
        },
        "bake": {
            "type": ["number", "string"],
            "minimum": 0,
            "pattern": r"^\s*\d+(\.\d+)?\s*[smh]?\s*$",
            "description": "How long to wait after the wave (`10m`) before it is planned again; that must be empty.",
        },
        "batches": {
            "type": "array",
            "minItems": 1,
            "items": {**_SHARE, "minimum": 1},
            "description": "Sizes of batches, one after the other; the last size repeats.",
        },
    }
    return {**_closed("A part of the fleet that is changed before the next part.", properties), "required": ["name"]}


def fleet_schema() -> Json:
    """Return the JSON Schema of `fleet.yaml`."""
    return {
        "$id": schema_id("fleet"),
        "title": "owui-sync fleet",
        "required": ["version"],
        **_closed(
            "The instances of a fleet. Paths are relative to the file. Tags work in values; they know the variables "
            "of the instance, its `name`, and `NAME`, which is the same in capitals with `_` for all but letters and "
            "digits.",
            {
                "version": {"const": 1, "description": "The format of the file."},
                "defaults": _closed("What all instances have unless they say otherwise.", _settings()),
                "instances": _instances(),
                "from": {"type": "array", "items": _source(), "description": "Further instances, listed elsewhere."},
                "waves": {"type": "array", "minItems": 1, "items": _wave(), "description": "In this order."},
                "notify": {
                    **NOTIFY_SCHEMA,
                    "description": "Whom plan, apply and drift of the fleet tell how they ended.",
                },
            },
        ),
    }


def listing_schema() -> Json:
    """Return the JSON Schema of a file that lists instances: one, or several under `instances`."""
    return _closed(
        "One instance, or several under `instances`.",
        {
            **_settings(),
            "version": {"const": 1, "description": "The format of the file."},
            "name": {"type": "string", "pattern": NAME, "x-error": NAME_RULE, "description": "Default: the file's."},
            "instances": _instances(),
        },
    )


def published_schema() -> Json:
    """Return the JSON Schema of `fleet.yaml` for editors; `$defs.report` is that of the JSON reports."""
    return {**editor_view(fleet_schema()), "$defs": {"report": report_schema()}}


def main() -> None:
    """Write the schema into the folder that the command line names."""
    Path(sys.argv[1], "fleet.schema.json").write_text(text_of(published_schema()), encoding="utf-8")


if __name__ == "__main__":
    main()
