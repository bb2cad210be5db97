"""Files that jobs put into knowledge bases: they belong to their jobs, `files` of a base says nothing of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from owui_sync.client.api.files import FileRow
from owui_sync.client.api.knowledge import KnowledgeFileRow
from owui_sync.kinds.rows import Row

JOB = "owui_job"
"""The key of the mark in the metadata of an upload, and in that of a note."""


def mark(stack: str, job: str, sha256: str) -> Row:
    """Return the metadata of the file of a job."""
    return {JOB: {"stack": stack, "job": job, "sha256": sha256}}


def marked(row: FileRow) -> Mapping[str, Any]:
    """Return the mark of a stored file: `stack`, `job`, `sha256`; empty for one that no job put there."""
    found = ((row.get("meta") or {}).get("data") or {}).get(JOB)
    return found if isinstance(found, Mapping) else {}


def without(rows: Iterable[KnowledgeFileRow]) -> list[KnowledgeFileRow]:
    """Return the files of a base that are no job's."""
    return [row for row in rows if not marked(row)]
