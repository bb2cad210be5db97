"""What the version of the server cannot do, told as a problem of the entry that asks for it."""

from __future__ import annotations

from owui_sync.errors import Problem
from owui_sync.kinds import KINDS
from owui_sync.manifest.desired import Entry


def too_new(entry: Entry, version: str) -> list[Problem]:
    """A problem for each field (or for the entry) that a server of that version does not know."""
    kind = KINDS[entry.kind]
    if not _has(version, kind.since):
        return [_problem(entry, entry.address, str(entry.source), version, kind.since)]
    paths = {field.name: field.since for field in kind.fields if not _has(version, field.since)}
    return [
        _problem(entry, f"{entry.address}: `{path}`", str(entry.where(path)), version, paths[name])
        for path in entry.values
        if (name := path.partition(".")[0]) in paths
    ]


def can_move(kind: str, version: str) -> bool:
    """Whether a server of that version can change the key of an object of `kind` in place."""
    since = KINDS[kind].moves_since
    return since is not None and _has(version, since)


def _problem(entry: Entry, what: str, where: str, version: str, since: str | None) -> Problem:
    return Problem(f"{what} needs Open WebUI {since}, and the server runs {version}", where, "leave it out, or upgrade")


def _has(version: str, since: str | None) -> bool:
    return since is None or _numbers(version) >= _numbers(since)


def _numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version; what follows them (`.dev1`, `-rc1`) is left out."""
    numbers = []
    for part in version.split("."):
        if not part.isdecimal():
            break
        numbers.append(int(part))
    return tuple(numbers)
