"""The JSON Schema of a fleet's report."""

from __future__ import annotations

from owui_sync.fleet.unit import Command, Status
from owui_sync.values import Json

_TEXT: Json = {"type": "string"}
_COUNT: Json = {"type": "integer", "minimum": 0}
_MAYBE: Json = {"type": ["string", "null"]}
_COUNTS: Json = {"type": "object", "additionalProperties": _COUNT}
_PROBLEM: Json = {
    "type": "object",
    "required": ["message", "where", "hint"],
    "properties": {"message": _TEXT, "where": _MAYBE, "hint": _MAYBE},
}


def _described(schema: Json, description: str) -> Json:
    return {**schema, "description": description}


def _group() -> Json:
    properties = {
        "review_digest": _described(_TEXT, "The same for equal changes on different servers."),
        "instances": {"type": "array", "items": _TEXT, "description": "Those that have these changes, by name."},
        "summary": _described(_COUNTS, "Objects by what happens to them, of one instance."),
        "changes": {"type": "array", "items": {"type": "object"}, "description": "As in a plan; a job is `run`."},
    }
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}


def _instance() -> Json:
    required = {
        "status": {"enum": [status.value for status in Status], "description": "How it fared."},
        "exit": {"type": ["integer", "null"], "description": "Exit code of its run alone; null: not started."},
        "seconds": {"type": "number", "description": "Wall time."},
        "requests": _described(_COUNT, "HTTP requests sent."),
        "summary": _described(_COUNTS, "Objects by what happens to them."),
    }
    optional = {
        "url": _described(_TEXT, "Its address."),
        "stack": _described(_TEXT, "The stack."),
        "version": _described(_TEXT, "Of Open WebUI."),
        "manifests": _described(_TEXT, "Digest of its manifests."),
        "digest": _described(_TEXT, "Of the plan."),
        "review_digest": _described(_TEXT, "Of the group that it belongs to."),
        "runs": _described(_COUNT, "How often it was started, because its worker died."),
        "baked": {"type": "boolean", "description": "Whether it was as it was left when the wave was planned again."},
        "earlier": {"const": True, "description": "Done by the run that this one resumed."},
        "last": {"type": "object", "description": "What `fleet status` found."},
        "error": {
            **_PROBLEM,
            "required": [*_PROBLEM["required"], "problems"],
            "properties": {**_PROBLEM["properties"], "problems": {"type": "array", "items": _PROBLEM}},
        },
        "warnings": {"type": "array", "items": _TEXT, "description": "In plain words."},
    }
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **optional},
        "additionalProperties": False,
    }


def _wave() -> Json:
    required = {"name": _TEXT, "size": _COUNT, "started": _COUNT, "failed": _COUNT, "stopped": _MAYBE}
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, "shard": _MAYBE},
        "additionalProperties": False,
    }


def report_schema() -> Json:
    """Return the JSON Schema of `fleet ... --format json`."""
    properties = {
        "format": {"const": 1, "description": "Version of this format."},
        "tool": _described(_TEXT, "Version of owui-sync."),
        "command": {"enum": [command.value for command in Command], "description": "What was done."},
        "created_at": _described(_TEXT, "UTC, ISO 8601."),
        "shard": _described(_MAYBE, "The part of the fleet, as `1/4`; null for all of it."),
        "interrupted": {"type": "boolean", "description": "The user stopped it, or it is not finished yet."},
        "manifests": {
            "type": "object",
            "additionalProperties": _MAYBE,
            "description": "Digest of manifests -> short hash of their git commit.",
        },
        "totals": _described(_COUNTS, "Instances by how they fared, and requests."),
        "waves": {"type": "array", "items": _wave(), "description": "What came of them, in their order."},
        "groups": {"type": "array", "items": _group(), "description": "Equal changes once, the largest group first."},
        "instances": {"type": "object", "additionalProperties": _instance(), "description": "By name."},
    }
    return {
        "type": "object",
        "description": "What came of a command over many instances.",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }
