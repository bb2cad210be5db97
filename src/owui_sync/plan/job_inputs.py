"""All that can change the answer of a job, as digests by what a person calls it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from owui_sync.kinds import KINDS
from owui_sync.manifest.desired import Entry, Job
from owui_sync.plan.inventory import fingerprint
from owui_sync.resolve.graph import NamedReference, named
from owui_sync.resolve.jobs import read_by_job
from owui_sync.resolve.pipes import functions_of, with_pipes
from owui_sync.values import LocalFile, digest
from owui_sync.wording import listed_briefly

_WORDS = {"prompts": "its prompt", "models": "its model", "params": "its parameters", "system": "its system prompt"}
_PACE = ("concurrency", "approve")
"""Say how fast and when questions are asked, not what."""

_FOLDER = ("system", "knowledge")
"""What a folder adds to every chat that lies in it."""


def parts_of(job: Job, jobs: Mapping[str, Job], entries: Mapping[str, Entry], salt: str) -> dict[str, str]:
    """Return what changes the answer of a job when it changes: its own texts and files, and the entries that it reads.

    Title, tags, the name of the folder, access and pictures are not among it.

    Args:
        jobs: all jobs: the answer of one may be read by another.
        entries: address -> entry.
        salt: of the inventory, for fingerprints of secrets.
    """
    own = dict(_own(job))
    read = {address: fingerprint(values, salt) for address, values in _read(job, entries)}
    before = {other.address: digest(dict(_own(other))) for other in jobs.values() if _feeds(other, job)}
    return {**own, **read, **before}


def then_of(job: Job) -> dict[str, str]:
    """Return what is done with the answer: it can change without asking again."""
    return {"its output": digest(job.output), "its expectations": digest(job.expect)}


def changed(parts: Mapping[str, str], before: Mapping[str, str], most: int = 3) -> str:
    """Return what differs, such as `its prompt changed`; empty where nothing does."""
    names = [name for name in {**parts, **before} if parts.get(name) != before.get(name)]
    return f"{listed_briefly(names, most)} changed" if names else ""


def _own(job: Job) -> Iterator[tuple[str, str]]:
    yield "its type", digest(job.type)
    for key, value in job.spec.items():
        if isinstance(value, list) and value and isinstance(value[0], LocalFile):
            yield from ((file.source.path, digest(dict(file))) for file in value)
        elif key not in _PACE:
            yield _WORDS.get(key, f"its `{key}`"), digest(value)


def _read(job: Job, entries: Mapping[str, Entry]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield address and values of each entry behind the answer: models, what they are made from and draw on."""
    functions = functions_of(entries)

    def behind(uses: Iterable[NamedReference]) -> list[str]:
        return [use.address for use in with_pipes(uses, functions, entries)]

    pending = behind(read_by_job(job))
    if job.folder and (folder := entries.get(f"folder/{job.folder}")):
        values = {path: value for path, value in folder.values.items() if path in _FOLDER}
        if values:
            yield folder.address, values
            pending += behind(named("folder", values))
    seen: set[str] = set()
    while pending:
        entry = entries.get(address := pending.pop(0))
        if entry is None or address in seen:
            continue
        seen.add(address)
        values = {path: value for path, value in entry.values.items() if not KINDS[entry.kind].field(path).cosmetic}
        if values:
            yield address, values
        pending += behind(named(entry.kind, values))


def _feeds(other: Job, job: Job) -> bool:
    """Return whether the answer of one job is read by another that needs it."""
    if other.name not in job.needs:
        return False
    read = {use.address for use in read_by_job(job)}
    return bool(read & {f"{kind}/{name}" for kind, name in other.output.items()})
