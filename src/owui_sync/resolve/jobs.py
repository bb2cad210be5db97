"""Which objects a job names: what must be there, what must be read for it, and what can change its answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from owui_sync.manifest.desired import Job
from owui_sync.resolve.graph import NamedReference

ASKABLE = "askable"
"""The directory of the models that can be asked: presets, and what providers offer."""

_SERVERS = "server:"
"""Tools of a tool server have ids that begin so, and are in no list."""

_LISTS = {"models": "model", "knowledge": "knowledge", "notes": "note", "tools": "tool"}
_SINGLE = {"model": "model", "decision_model": "model", "folder": "folder"}


def needed(names: Iterable[str], jobs: Mapping[str, Job]) -> dict[str, Job]:
    """Return these jobs and all that they need, in the order in which they are written."""
    found: set[str] = set()
    pending = list(names)
    while pending:
        if (name := pending.pop()) not in found:
            found.add(name)
            pending += jobs[name].needs
    return {name: job for name, job in jobs.items() if name in found}


def named_by_job(job: Job) -> list[NamedReference]:
    """Return every object that a job names, wherever it does."""
    return list(_named(job))


def read_by_job(job: Job) -> list[NamedReference]:
    """Return the objects that a job is answered by or from."""
    return [use for use in _named(job) if use.path.startswith(f"{job.type}.")]


def wanted_by_jobs(jobs: Collection[Job], others: Collection[str] = ()) -> frozenset[str]:
    """Return what must be read to plan and run these jobs.

    Models that are only asked are in one list. Where models are read anyway, presets may be about to be made, and a
    second list tells the others.

    Args:
        jobs: the jobs.
        others: what is read for other reasons.
    """
    kinds = {use.kind for job in jobs for use in named_by_job(job)}
    if "model" not in kinds:
        return frozenset(kinds)
    return frozenset(kinds | {"provider"} if "model" in others else kinds - {"model"} | {ASKABLE})


def _named(job: Job) -> Iterator[NamedReference]:
    spec = job.spec
    for key, value in spec.items():
        path = f"{job.type}.{key}"
        if key in _SINGLE:
            yield _use(path, _SINGLE[key], value)
        elif key == "models" and not isinstance(value, list):
            yield from (_use(f"{path}.{role}", "model", name) for role, name in value.items())
        elif key in _LISTS:
            names = [name for name in value if not name.startswith(_SERVERS)]
            yield from (_use(path, _LISTS[key], name) for name in names)
    if job.folder:
        yield _use("folder", "folder", job.folder)
    if "knowledge" in job.output:
        yield _use("output.knowledge", "knowledge", job.output["knowledge"])
    yield from (_use("expect.sources", "knowledge", name) for name in job.expect.get("sources", ()))
    if "judge" in job.expect:
        yield _use("expect.judge.model", "model", job.expect["judge"]["model"])


def _use(path: str, kind: str, key: str) -> NamedReference:
    return NamedReference(path, kind, key, ASKABLE if kind == "model" else None)
