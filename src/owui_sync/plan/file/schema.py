"""JSON Schemas of documents, from their tables."""

from __future__ import annotations

from collections.abc import Iterable

from owui_sync.plan.file.change import INVENTORY_ENTRY, SAVED_CHANGE
from owui_sync.plan.file.document import MANIFESTS, PLAN, PROBLEM, SERVER, SUMMARY
from owui_sync.plan.file.field import DETAIL, SAVED_FIELD
from owui_sync.plan.file.job import SAVED_JOB
from owui_sync.plan.file.table import Record
from owui_sync.values import Json

DRAFT = "http://json-schema.org/draft-07/schema#"
_RECORDS = (PLAN, MANIFESTS, SERVER, SUMMARY, SAVED_CHANGE, SAVED_FIELD, DETAIL, INVENTORY_ENTRY, SAVED_JOB, PROBLEM)


def definitions(more: Iterable[Record] = ()) -> Json:
    """Return `$defs` of the plan document, and of further records."""
    return {record.name: record.schema() for record in (*_RECORDS, *more)}


def schema_of(record: Record, more: Iterable[Record] = ()) -> Json:
    """Return the JSON Schema of one document, with the definitions of further records."""
    return {"$schema": DRAFT, "$ref": f"#/$defs/{record.name}", "$defs": definitions(more)}
