"""The sources of answers, as results and expectations need them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from owui_sync.client.shapes import Row


def unique_sources(sources: Iterable[Row]) -> tuple[Row, ...]:
    """Return each source once: `id`, `name`, `type`, and the `files` (ids and names) that the texts come from."""
    found: dict[str, Row] = {}
    for source in sources:
        own = source.get("source") or {}
        key = str(own.get("id") or own.get("url") or own.get("name") or "")
        entry = found.setdefault(
            key, {"id": own.get("id"), "name": own.get("name"), "type": own.get("type"), "files": []}
        )
        entry["files"] += [each for each in map(_file, source.get("metadata") or ()) if each not in entry["files"]]
    return tuple(found.values())


def _file(metadata: Mapping[str, Any]) -> Row:
    return {"id": metadata.get("file_id"), "name": metadata.get("name") or metadata.get("source")}
