"""The keys of a job that is due."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from owui_sync.manifest.desired import Job
from owui_sync.manifest.schema.jobs import TYPES
from owui_sync.plan.file.inputs import Inputs, damaged
from owui_sync.plan.file.table import (
    Codec,
    Key,
    Record,
    count,
    inline,
    maybe,
    optional,
    position,
    text,
    texts,
    texts_by_name,
)
from owui_sync.plan.inventory import job_record, job_row
from owui_sync.plan.types import DueJob, JobRecord
from owui_sync.values import Json, Position, encode

SHOWN_KEYS = (
    Key("name", text("Its name in the manifests."), attrgetter("job.name")),
    Key("type", Codec({"enum": list(TYPES), "description": "What it is."}), attrgetter("job.type")),
    Key("reason", text("Why it runs: `never ran`, `its prompt changed`, `knowledge/Handbook changed` and the like.")),
    Key("source", position("`file:line:column` of the job."), attrgetter("job.source")),
)
"""What a reader sees of a job."""


def _encoded(value: Any) -> Any:
    return encode(list(value) if isinstance(value, tuple) else value)


def _value(saved: Any, inputs: Inputs) -> Any:
    return inputs.value(saved)


def _written(name: str, codec: Codec) -> Key:
    return Key(name, Codec(codec.schema, _encoded, _value))


def _mapping(description: str) -> Codec:
    return Codec({"type": "object", "description": description})


WRITTEN = Record(
    "",
    "All that the manifests say of it; files by their digests.",
    (
        _written("run", text("When apply runs it.")),
        _written("needs", texts("Jobs that must have succeeded first.")),
        _written("title", text("Of the chat.")),
        _written("tags", texts("Of the chat.")),
        _written("folder", maybe("string", "Of the chat.")),
        _written("output", texts_by_name("Where it goes.")),
        _written("expect", _mapping("What the answer must be like.")),
        _written("retries", count("How often a step that failed is tried again.")),
        _written("spec", _mapping("What it does.")),
    ),
    dict,
)


def _dump_last(last: JobRecord | None) -> Json | None:
    return job_row(last) if last else None


def _load_last(saved: Json | None, inputs: Inputs) -> JobRecord | None:
    try:
        return job_record(saved) if saved else None
    except (TypeError, ValueError):
        raise damaged("$.jobs", "the last run of a job is none") from None


def _due_job(*, name: str, type: str, source: Position, written: Json, **due: Any) -> DueJob:
    job = Job(
        name=name,
        type=type,
        source=source,
        **{**written, "needs": tuple(written["needs"]), "tags": tuple(written["tags"])},
    )
    return DueJob(job, **due)


_LAST = Codec(maybe("object", "The run that is resumed; null for a new one.").schema, _dump_last, _load_last)

SAVED_JOB = Record(
    "plannedJob",
    "A job that is due.",
    (
        *SHOWN_KEYS,
        Key("written", inline(WRITTEN), attrgetter("job")),
        Key("parts", texts_by_name("Digests of all that can change its answer.")),
        Key("then", texts_by_name("Digests of what is done with the answer.")),
        Key("last", _LAST),
        optional("claim", text("Digest of what was known of its last run when the plan was made.")),
    ),
    _due_job,
)
