"""The report of `owui-sync rehearse` for machines."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from owui_sync import __version__
from owui_sync.environments.rehearsal import RehearsalReport
from owui_sync.environments.upgrade import MigratedField, MigratedObject
from owui_sync.plan.file.document import PROBLEM
from owui_sync.plan.file.table import (
    Codec,
    Key,
    Record,
    choice,
    count,
    flag,
    maybe_one,
    seconds,
    several,
    shown,
    text,
    texts,
    through,
)
from owui_sync.plan.types import Action
from owui_sync.report.checks import CHECK, maybe_plan
from owui_sync.report.document import APPLIED_JOB
from owui_sync.report.rehearsal import advice
from owui_sync.values import ABSENT, Json, encode


def _value(side: str) -> Any:
    def value(each: MigratedField) -> Any:
        found = getattr(each.field, side)
        return ABSENT if each.field.is_hidden else None if found is ABSENT else encode(found)

    return value


_SETTLED = Key("settled", flag("Whether an apply on the new version brings it back."))
_ANY = {"description": "As the manifests write it; null for none. Not there for a secret."}
IMPOSSIBLE = Record(
    "impossible",
    "What the manifests ask for and the new version does not do.",
    (Key("version", text("The new version.")), *through("reason", PROBLEM.keys)),
)
MIGRATED_OBJECT = Record(
    "migratedObject",
    "An object that is gone, or has another id.",
    (
        Key("address", text("`kind/key`.")),
        Key("action", choice(Action, "What an apply does about it.")),
        _SETTLED,
    ),
)
MIGRATED_FIELD = Record(
    "migratedField",
    "A field that is otherwise on the new version.",
    (
        Key("address", text("`kind/key` of the object.")),
        shown("path", text("Such as `params.temperature`."), attrgetter("field.path")),
        _SETTLED,
        shown("wanted", Codec(_ANY), _value("after"), is_optional=True),
        shown("now", Codec(_ANY), _value("before"), is_optional=True),
    ),
)
KEPT = Record(
    "kept",
    "An object with what is as before.",
    (Key("address", text("`kind/key`.")), Key("fields", count("Managed fields that are as before."))),
)
ANSWER = Record(
    "answer",
    "A job before and after.",
    (
        Key("name", text("Of the job.")),
        shown("same", flag("Whether it ended the same way with the same answer."), attrgetter("is_same")),
        shown("worse", flag("Whether it went well before and does not now."), attrgetter("is_worse")),
        Key("before", maybe_one(APPLIED_JOB, "On the version in use.")),
        Key("after", maybe_one(APPLIED_JOB, "On the new version.")),
    ),
)


def _dump_changed(values: tuple[MigratedObject | MigratedField, ...]) -> list[Json]:
    return [(MIGRATED_OBJECT if isinstance(each, MigratedObject) else MIGRATED_FIELD).dump(each) for each in values]


_CHANGED = Codec(
    {
        "type": "array",
        "items": {"anyOf": [{"$ref": f"#/$defs/{each.name}"} for each in (MIGRATED_OBJECT, MIGRATED_FIELD)]},
        "description": "What the migration changed: objects, then fields.",
    },
    _dump_changed,
)
REHEARSAL = Record(
    "rehearsal",
    "What an upgrade of the server changes of what is managed.",
    (
        shown("format", Codec({"const": 1, "description": "Version of this format."}), lambda _: 1),
        shown("tool", text("Version of owui-sync."), lambda _: __version__),
        Key("stack", text("Name of the stack; empty if the manifests could not be read.")),
        shown("from", text("Version in use; empty if it is not known."), attrgetter("former")),
        shown("to", text("The new version."), attrgetter("version")),
        shown(
            "possible",
            flag("Whether the new version does all that the manifests ask for."),
            lambda report: report.is_complete and not report.impossible,
        ),
        Key("exit_code", count("Of the command.")),
        Key("seconds", seconds("Wall time of all steps.")),
        shown("advice", texts("The verdict, then what to do."), lambda report: [line for line, _ in advice(report)]),
        Key("impossible", several(IMPOSSIBLE, "No longer possible.")),
        shown("changed", _CHANGED, lambda report: (*report.objects, *report.fields)),
        Key("kept", several(KEPT, "What is as before.")),
        shown("jobs", several(ANSWER, "Jobs that expect something of their answer."), attrgetter("answers")),
        Key("notes", texts("Warnings that only the plan on the new version has.")),
        Key("checks", several(CHECK, "The steps, as far as they came.")),
        Key("plan", maybe_plan("The plan on the new version, before the apply.")),
    ),
)
RECORDS = (REHEARSAL, IMPOSSIBLE, MIGRATED_OBJECT, MIGRATED_FIELD, KEPT, ANSWER)
"""What the schema defines for the document, besides the records of others."""


def rehearsal_document(report: RehearsalReport) -> Json:
    """Return what `rehearse --format json` prints."""
    return REHEARSAL.dump(report)
