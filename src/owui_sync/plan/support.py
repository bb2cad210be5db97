"""What the version of the server cannot do, told as a problem of the entry that asks for it."""

from __future__ import annotations

from owui_sync.errors import Problem
from owui_sync.kinds import KINDS
from owui_sync.kinds.base import Field
from owui_sync.manifest.desired import Entry


def too_new(entry: Entry, version: str) -> list[Problem]:
    """A problem for each field (or for the entry) that a server of that version does not know or cannot keep."""
    kind = KINDS[entry.kind]
    if not _has(version, kind.since):
        return [_problem(entry.address, str(entry.source), version, kind.since)]
    return [
        _problem(f"{entry.address}: `{path}`{_how(kind.field(path))}", str(entry.where(path)), version, needed)
        for path, value in entry.values.items()
        if not _has(version, needed := kind.field(path).needs(value))
    ]


def _how(field: Field) -> str:
    return "" if field.since_of is None else " as it is written"


def can_move(kind: str, version: str) -> bool:
    """Whether a server of that version can change the key of an object of `kind` in place."""
    since = KINDS[kind].moves_since
    return since is not None and _has(version, since)


def _problem(what: str, where: str, version: str, since: str | None) -> Problem:
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
