"""JSON Schema of jobs in the plan and apply documents."""

from __future__ import annotations

from owui_sync.apply.outcome import Status
from owui_sync.manifest.schema.jobs import TYPES
from owui_sync.report.schema_parts import PLACE, count, list_of, maybe, record, text, texts
from owui_sync.values import Json

_DIGESTS: Json = {"type": "object", "additionalProperties": {"type": "string"}}


def definitions() -> Json:
    """`$defs` of the documents."""
    return {"plannedJob": _planned(), "appliedJob": _applied(), "verdict": _verdict()}


def _job() -> Json:
    return {
        "name": text("Its name in the manifests."),
        "type": {"enum": list(TYPES), "description": "What it is."},
        "reason": text("Why it runs: `never ran`, `its prompt changed`, `knowledge/Handbook changed` and the like."),
        "source": text("`file:line:column` of the job.") | PLACE,
    }


def _planned() -> Json:
    own = {
        "written": _written(),
        "parts": {**_DIGESTS, "description": "Digests of all that can change its answer."},
        "then": {**_DIGESTS, "description": "Digests of what is done with the answer."},
        "last": maybe("object", "The run that is gone on with; null for a new one."),
    }
    return record("A job that is due.", _job() | own)


def _written() -> Json:
    keys = {
        "run": text("When apply runs it."),
        "needs": texts("Jobs that must have succeeded first."),
        "title": text("Of the chat."),
        "tags": texts("Of the chat."),
        "folder": maybe("string", "Of the chat."),
        "output": {"type": "object", "additionalProperties": {"type": "string"}, "description": "Where it goes."},
        "expect": {"type": "object", "description": "What the answer must be like."},
        "retries": count("How often a step that failed is tried again."),
        "spec": {"type": "object", "description": "What it does."},
    }
    return record("All that the manifests say of it; files by their digests.", keys)


def _applied() -> Json:
    own = {
        "status": {"enum": [status.value for status in Status], "description": "How it ended."},
        "seconds": {"type": "number", "minimum": 0, "description": "Wall time."},
        "chat_id": maybe("string", "Its chat; null for a job without one."),
        "chat_url": maybe("string", "Where that chat is in the page."),
        "response": text("The answer, as far as it came."),
        "sources": {"type": "array", "items": {"type": "object"}, "description": "Where the answers come from, once."},
        "usage": record("Tokens.", {"total_tokens": count("Questions and answers, as the providers count them.")}),
        "expect": list_of("verdict", "What was expected of the answer."),
        "outputs": texts("Where the answer went."),
        "notes": texts("What a person should know, such as a budget that was spent."),
    }
    error = {"$ref": "#/$defs/error"}
    optional = {
        "error": error,
        "unrecorded": {**error, "description": "Why its chat or the inventory could not be told how it ended."},
    }
    return record("How a job went.", _job() | own, optional)


def _verdict() -> Json:
    required = {
        "check": text("Its key, such as `contains`."),
        "wanted": text("What was wanted."),
        "met": {"type": "boolean", "description": "Whether it is so."},
        "reason": text("What is there instead, or what a judge says."),
    }
    return record("An expectation.", required)
