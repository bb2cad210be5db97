"""The document of a plan: what `plan --format json` prints and `plan --out` saves."""

from __future__ import annotations

from functools import partial

from owui_sync.errors import Diagnostic
from owui_sync.manifest.fingerprint import ManifestFingerprint
from owui_sync.plan.file.change import INVENTORY_ENTRY, SAVED_CHANGE
from owui_sync.plan.file.digests import plan_digest, sealed
from owui_sync.plan.file.field import is_saved
from owui_sync.plan.file.inputs import unsaved
from owui_sync.plan.file.job import SAVED_JOB
from owui_sync.plan.file.table import (
    Codec,
    Key,
    Record,
    count,
    mark,
    maybe,
    one,
    optional,
    several,
    shown,
    text,
    texts,
)
from owui_sync.plan.types import Action, Plan, ServerIdentity
from owui_sync.values import ABSENT, STACK_NAME, Json

FORMAT = 1
"""Version of the documents."""

_COUNTS = {
    Action.CREATE: "Objects to create.",
    Action.ADOPT: "Objects on the server to take over in place.",
    Action.UPDATE: "Objects to change in place.",
    Action.REPLACE: "Objects to delete and create again.",
    Action.DELETE: "Objects to delete.",
    Action.MOVE: "Objects that keep their content under another key.",
}

SERVER = Record(
    "server",
    "The server.",
    (
        Key("url", text("Base URL.")),
        Key("version", text("Version of Open WebUI.")),
        Key(
            "instance",
            text(
                "`sha256:` and a digest of id and creation time of the oldest account: tells one installation from "
                "another at the same URL. Empty where the server does not tell."
            ),
        ),
    ),
    ServerIdentity,
)
MANIFESTS = Record(
    "manifests",
    "The manifests that the plan was made of.",
    (
        Key(
            "commit",
            maybe("string", "Short hash of their git commit, `-dirty` when they differ from it; null without."),
        ),
        Key(
            "digest", text("Of their files: `sha256:` and hex. The plan is only applied beside manifests that have it.")
        ),
        Key("paths", texts("The layers that the command line named; empty for those of the configuration.")),
    ),
    ManifestFingerprint,
)


def _count(action: Action, plan: Plan) -> int:
    return plan.count(action)


SUMMARY = Record(
    "summary",
    "Counts.",
    (
        *(shown(action.value, count(words), partial(_count, action)) for action, words in _COUNTS.items()),
        shown("unchanged", count("Objects that need no change."), lambda plan: len(plan.unchanged)),
        shown("awaited", count("Users that have not signed in yet."), lambda plan: len(plan.awaited)),
        shown("jobs", count("Jobs to run."), lambda plan: len(plan.jobs)),
    ),
)
PROBLEM = Record(
    "problem",
    "One thing that a person has to put right.",
    (
        Key("message", text("What is wrong.")),
        Key("where", maybe("string", "`file:line:column`, or a request.")),
        Key("hint", maybe("string", "What to do next.")),
    ),
    Diagnostic,
)
HEAD = (
    shown("format", Codec({"const": FORMAT, "description": "Version of this format."}), lambda _: FORMAT),
    Key("tool", text("Version of owui-sync that made it.")),
    Key("created_at", text("When the plan was made: UTC, ISO 8601.")),
    Key("stack", text("Name of the stack.", pattern=STACK_NAME)),
    Key("server", one(SERVER)),
    shown("summary", one(SUMMARY), lambda plan: plan),
)
"""What the documents of a plan and of an apply begin with."""
WARNINGS = (Key("warnings", texts("What a person should know but nothing fails for.")),)
REQUESTS = (Key("requests", count("HTTP requests that were sent.")),)


def _settled() -> Codec:
    schema = {
        "type": "object",
        "additionalProperties": {"anyOf": [{"$ref": "#/$defs/record"}, {"type": "null"}]},
        "description": "By address: what the inventory must say of objects that need no change; null forgets one.",
    }
    return Codec(
        schema,
        lambda entries: {address: entry and INVENTORY_ENTRY.dump(entry) for address, entry in entries.items()},
        lambda saved, inputs: {
            address: entry and INVENTORY_ENTRY.load(entry, inputs) for address, entry in saved.items()
        },
    )


_KEYS = (
    *HEAD,
    Key("manifests", one(MANIFESTS)),
    Key("changes", several(SAVED_CHANGE, "Deletes last.")),
    Key("jobs", several(SAVED_JOB, "Jobs that run after the changes.")),
    Key("unchanged", texts("Addresses (`kind/key`) of objects that need no change.")),
    Key("awaited", texts("Addresses of users that have not signed in yet.")),
    Key("settled", _settled()),
    Key(
        "want",
        Codec(
            texts("What has to be read from the server again before the plan is applied.").schema,
            sorted,
            lambda saved, _: frozenset(saved),
        ),
    ),
    Key("owned", count("Objects that the stack owned before.")),
    Key("serial", count("Of the inventory that the plan was made with.")),
    Key("message", text("Goes into the histories that the server keeps.")),
    optional(
        "claims",
        mark("The stack owns objects, and the manifests name none of them: apply asks, or needs --claim-stack."),
    ),
    optional("drift_only", mark("It shows only what drifted on the server, and cannot be applied.")),
    optional("refusals", several(PROBLEM, "Why a rule of safety forbids the plan; it cannot be applied.")),
    optional("account", text("Id of the token's user, where the plan depends on who that is.")),
    *WARNINGS,
    *REQUESTS,
)


_SEALS = (
    shown("digest", text("`sha256:` and hex, of the changes and jobs and the server that they are for.")),
    shown(
        "review_digest",
        text("The same without the server: equal for equal changes on different servers."),
        is_optional=True,
    ),
    shown("checksum", text("`sha256:` and hex, of all the rest of the document."), is_optional=True),
)
_BODY = Record("plan", "What an apply would do. Holds neither secrets nor contents of files.", _KEYS)
PLAN = Record(_BODY.name, _BODY.description, (*_KEYS, *_SEALS), Plan)


def plan_document(plan: Plan) -> Json:
    """Return what `plan --format json` prints and `plan --out` saves; no secret value and no content of a file."""
    return sealed(_BODY.dump(plan))


def digest_of(plan: Plan) -> str:
    """Return the `digest` of the plan's document: of its changes and jobs, and of the server that they are for."""
    return plan_digest(_BODY.dump(plan))


def unsavable(plan: Plan) -> tuple[Diagnostic, ...]:
    """Return what keeps a plan from being saved: values of secret fields that are written in clear."""
    return tuple(
        unsaved(change.address, field.path, str(change.source) if change.source else None)
        for change in plan.changes
        for field in (*change.fields, *change.rewritten)
        if field.is_hidden and field.after is not ABSENT and not is_saved(field)
    )
