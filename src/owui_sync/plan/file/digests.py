"""The digests of a plan's document: of its changes, for whoever reviews them, and of every byte of what it says.

`digest` tells whether two plans make the same changes on the same server: it leaves out when, by which version and with
how many requests a plan was made, its sentences for readers, and the state of objects that it does not change.
`review_digest` also leaves out the server, so that it is the same wherever the same changes are made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from owui_sync.values import Json, digest

SEALS = ("digest", "review_digest", "checksum")
"""The keys that are made of the rest of a document."""

_FIELD = ("path", "before", "after", "absent", "value", "secret")
_CHANGE = ("action", "kind", "key", "moved_from")


def sealed(document: Json) -> Json:
    """Return a plan's document with the digests that belong to the rest of it."""
    body = {key: value for key, value in document.items() if key not in SEALS}
    return body | {"digest": plan_digest(body), "review_digest": review_digest(body), "checksum": checksum(body)}


def is_intact(document: Json) -> bool:
    """Tell whether a document is as it was written; in one without a `checksum`, `digest` is of all the rest."""
    if "checksum" in document:
        return sealed(document) == document
    return bool(document["digest"] == _prefixed({key: value for key, value in document.items() if key != "digest"}))


def plan_digest(document: Json) -> str:
    """Return the digest of the changes and jobs of a plan, and of the server that they are for."""
    head = {"format": document["format"], "stack": document["stack"], "server": {"url": document["server"]["url"]}}
    changes = [_change(change) | {"id": change["id"]} for change in document["changes"]]
    return _prefixed(head | {"changes": changes, "jobs": [_job(job) for job in document["jobs"]]})


def review_digest(document: Json) -> str:
    """Return the digest of the changes and jobs of a plan, whatever server they are for."""
    head = {"format": document["format"], "stack": document["stack"]}
    changes = [_change(change) for change in document["changes"]]
    return _prefixed(head | {"changes": changes, "jobs": [_job(job) for job in document["jobs"]]})


def checksum(document: Json) -> str:
    """Return the digest of everything but the digests."""
    return _prefixed({key: value for key, value in document.items() if key not in SEALS})


def _change(change: Json) -> Json:
    """Return what counts of a change. What a replaced object gets again as it was may read secrets and files, too."""
    again = {"rewritten": list(_fields(change["rewritten"]))} if "rewritten" in change else {}
    return _some(change, _CHANGE) | {"fields": list(_fields(change["fields"]))} | again


def _fields(fields: list[Json]) -> Iterator[Json]:
    return (_some(field, _FIELD) for field in fields)


def _job(job: Json) -> Json:
    return {"name": job["name"], "reason": job["reason"], "specification": digest([job["type"], job["written"]])}


def _some(row: Mapping[str, Any], keys: tuple[str, ...]) -> Json:
    return {key: row[key] for key in keys if key in row}


def _prefixed(value: Any) -> str:
    return f"sha256:{digest(value)}"
