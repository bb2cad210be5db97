"""JSON Schema of the plan and apply documents; `python -m owui_sync.report.schema schemas/` writes the file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Literal

from owui_sync.apply.outcome import Status
from owui_sync.plan.types import Action, Cause
from owui_sync.report import jobs_schema
from owui_sync.report.saved import FORMAT
from owui_sync.report.schema_parts import PLACE, count, list_of, maybe, record, text, texts
from owui_sync.values import STACK_NAME, Json

FILE = "plan.schema.json"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def plan_schema() -> Json:
    """JSON Schema (draft 2020-12) of what `plan --format json`, `plan --out` and `apply --format json` give."""
    return {
        "$schema": _DRAFT,
        "title": "Documents of owui-sync",
        "description": "What `owui-sync plan --format json`, `plan --out FILE` and `apply --format json` write.",
        "anyOf": [{"$ref": "#/$defs/plan"}, {"$ref": "#/$defs/apply"}],
        "$defs": _definitions(),
    }


def document_schema(document: Literal["plan", "apply"]) -> Json:
    """JSON Schema of one of the two documents."""
    return {"$schema": _DRAFT, "$ref": f"#/$defs/{document}", "$defs": _definitions()}


def _definitions() -> Json:
    return {
        "plan": _plan(),
        "apply": _apply(),
        "manifests": _manifests(),
        "server": _server(),
        "summary": _summary(),
        "plannedChange": _planned_change(),
        "appliedChange": _applied_change(),
        "field": _field(),
        "detail": _detail(),
        "record": _record(),
        "error": _error(),
        **jobs_schema.definitions(),
    }


def _server() -> Json:
    required = {
        "url": text("Base URL."),
        "version": text("Version of Open WebUI."),
        "instance": text(
            "`sha256:` and a digest of id and creation time of the oldest account: tells one installation from "
            "another at the same URL. Empty where the server does not tell."
        ),
    }
    return record("The server.", required)


def _head() -> Json:
    return {
        "format": {"const": FORMAT, "description": "Version of this format."},
        "tool": text("Version of owui-sync that made it."),
        "created_at": text("When the plan was made: UTC, ISO 8601."),
        "stack": text("Name of the stack.") | {"pattern": STACK_NAME},
        "server": {"$ref": "#/$defs/server"},
        "summary": {"$ref": "#/$defs/summary"},
        "warnings": texts("What a person should know but nothing fails for."),
        "requests": count("HTTP requests that were sent."),
    }


def _plan() -> Json:
    own = {
        "digest": text("Of all the rest of the document: `sha256:` and hex; `apply --expect-digest` compares it."),
        "manifests": {"$ref": "#/$defs/manifests"},
        "changes": {"type": "array", "items": {"$ref": "#/$defs/plannedChange"}, "description": "Deletes last."},
        "jobs": list_of("plannedJob", "Jobs that run after the changes."),
        "unchanged": texts("Addresses (`kind/key`) of objects that are as they should be."),
        "awaited": texts("Addresses of objects that come to be by other ways."),
        "settled": {
            "type": "object",
            "additionalProperties": {"anyOf": [{"$ref": "#/$defs/record"}, {"type": "null"}]},
            "description": "By address: what the inventory must say of objects that need no change; null forgets one.",
        },
        "want": texts("What has to be read from the server again before the plan is applied."),
        "owned": count("Objects that the stack owned before."),
        "serial": count("Of the inventory that the plan was made with."),
        "message": text("Goes into the histories that the server keeps."),
    }
    optional = {
        "claims": {
            "const": True,
            "description": "The stack owns objects, and the manifests name none of them: apply asks, or needs "
            "--claim-stack.",
        },
        "account": text("Id of the token's user, where the plan depends on who that is."),
    }
    return record("What an apply would do. Holds neither secrets nor contents of files.", _head() | own, optional)


def _manifests() -> Json:
    required = {
        "commit": maybe("string", "Short hash of their git commit, `-dirty` when they differ from it; null without."),
        "digest": text("Of their files: `sha256:` and hex. The plan is only applied beside manifests that have it."),
        "paths": texts("The layers that the command line named; empty for those of the configuration."),
    }
    return record("The manifests that the plan was made of.", required)


def _apply() -> Json:
    own = {
        "changes": {"type": "array", "items": {"$ref": "#/$defs/appliedChange"}, "description": "In the plan's order."},
        "jobs": list_of("appliedJob", "Jobs that ran, or were to run."),
        "interrupted": {"type": "boolean", "description": "Whether the user stopped it."},
        "unrecorded": {
            "anyOf": [{"$ref": "#/$defs/error"}, {"type": "null"}],
            "description": "Why the inventory could not be kept after the changes, as a rule null.",
        },
    }
    return record("What an apply did.", _head() | own)


def _summary() -> Json:
    counts = {
        "create": "Objects to create.",
        "adopt": "Objects on the server to take over in place.",
        "update": "Objects to change in place.",
        "replace": "Objects to delete and create again.",
        "delete": "Objects to delete.",
        "move": "Objects that keep their content under another key.",
        "unchanged": "Objects that are as they should be.",
        "awaited": "Users that have not signed in yet.",
        "jobs": "Jobs to run.",
    }
    return record("Counts.", {name: count(words) for name, words in counts.items()})


def _change() -> Json:
    return {
        "action": {"enum": [action.value for action in Action], "description": "What happens to the object."},
        "kind": text("Singular name of its kind, such as `model`."),
        "key": text("Its key in the manifests."),
        "id": maybe("string", "Its id on the server; null when it does not exist yet."),
        "source": maybe("string", "`file:line:column` of its entry; null when no manifest names it.") | PLACE,
        "reason": text("One short sentence for a person, or empty."),
        "fields": {"type": "array", "items": {"$ref": "#/$defs/field"}, "description": "What differs."},
        "precondition": text("`absent`, or a digest of the object as the plan saw it."),
        "depends_on": texts("Addresses of changes that come first."),
        "moved_from": {"type": ["string", "null"], "description": "The key on the server, where a move changes it."},
    }


def _planned_change() -> Json:
    own = {
        "record": {
            "anyOf": [{"$ref": "#/$defs/record"}, {"type": "null"}],
            "description": "null forgets the object.",
        },
        "claim": text("Digest of what the inventory said of the object."),
        "taken_from": {"type": ["string", "null"], "description": "The stack that owned the object until now."},
    }
    return record("What happens to one object.", _change() | own, _rewritten())


def _applied_change() -> Json:
    result = {
        "status": {
            "enum": [status.value for status in Status],
            "description": "How it ended. `done` with an `error`: the object is there, and something in it is missing.",
        },
        "seconds": {"type": "number", "minimum": 0, "description": "Wall time."},
    }
    return record(
        "What happened to one object.", _change() | result, {"error": {"$ref": "#/$defs/error"}} | _rewritten()
    )


def _rewritten() -> Json:
    words = "Of an object that is deleted and made anew: what is written again as it was."
    return {"rewritten": {"type": "array", "items": {"$ref": "#/$defs/field"}, "description": words}}


def _field() -> Json:
    side = (
        "null when there is none; `{secret: true, changed: true}` when it must not be seen; a text that comes from a "
        "file is `{file, sha256, size}`."
    )
    required = {
        "path": text("Such as `params.temperature`."),
        "before": {"description": f"Value on the server: {side}"},
        "after": {"description": f"Value to be written: {side}"},
        "cause": {
            "enum": [cause.value for cause in Cause],
            "description": "`manifest`: written or edited there. `drift`: changed on the server. `reset`: no longer "
            "written, back to the default.",
        },
    }
    optional = {
        "absent": {
            "type": "array",
            "items": {"enum": ["before", "after"]},
            "description": "Sides on which there is no value at all, as opposed to a null.",
        },
        "secret": {"const": True, "description": "Neither side may be seen."},
        "files": {
            "description": "What becomes of stored files, where both sides are sets of them: `added`, `changed` "
            "(`size_before`), `moved` (`from`) and `removed`, each `{path, size}`; in bytes, 0 where unknown.",
            "type": "object",
        },
        "details": list_of("detail", "What differs inside, where both sides are mappings or both are lists."),
        "value": {
            "description": "In a saved plan, when `after` is not exact: the value with `{$secret: NAME}` for a secret "
            "and `{$file: PATH, sha256, size}` or `{$image: ...}` for what comes from a file."
        },
    }
    return record("One field.", required, optional)


def _detail() -> Json:
    required = {
        "path": text('From the field on, such as `a.b[0].c` or `["gpt-4.1"].max`.'),
        "op": {"enum": ["add", "remove", "change"], "description": "What happens there."},
    }
    optional = {
        "before": {"description": "Value on the server; missing for `add`."},
        "after": {"description": "Value to be written; missing for `remove`."},
    }
    return record("One difference inside a field, for readers: an apply goes by the field.", required, optional)


def _record() -> Json:
    required = {
        "id": text("Id on the server; empty while a creation is on its way."),
        "fields": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "Path -> fingerprint of the value last applied.",
        },
        "keep": {"type": "boolean", "description": "Never delete it."},
        "partial": {"type": "boolean", "description": "Only covered by `access_rules`."},
        "marker": {"type": "string", "description": "The server's mark of the state in which it had these values."},
        "adopted": maybe("boolean", "Whether it was there before the stack took it; null where that is not known."),
    }
    optional = {"owner": text("Id of the user whose it is, for kinds whose objects nobody else sees.")}
    return record("What the inventory remembers of an object.", required, optional)


def _error() -> Json:
    required = {
        "status": maybe("integer", "HTTP status; null when there was no answer."),
        "detail": text("The server's own words, or why it was not tried."),
        "request": maybe("string", "Such as `POST /api/v1/models/create`."),
        "hint": maybe("string", "What to do next."),
    }
    return record("Why a change failed or was skipped.", required)


def main() -> None:
    """Writes the schema into the folder that the command line names."""
    schema = json.dumps(plan_schema(), indent=2, ensure_ascii=False) + "\n"
    (Path(sys.argv[1]) / FILE).write_text(schema, encoding="utf-8")


if __name__ == "__main__":
    main()
