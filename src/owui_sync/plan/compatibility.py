"""What the version of the server cannot do, told as a problem of the entry that asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from owui_sync.errors import Diagnostic
from owui_sync.kinds import KINDS
from owui_sync.kinds.fields import Field
from owui_sync.manifest.desired import Entry
from owui_sync.wording import listed_briefly

_LISTED = 10


def too_new(entries: Iterable[Entry], version: str) -> list[Diagnostic]:
    """Return a problem for each field (or kind) that a server of that version does not know or cannot keep.

    What many entries ask for is one problem, with the places of the first ten.
    """
    found: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for entry in entries:
        for what, where, since in _lacking(entry, version):
            found.setdefault((entry.kind, what, since), []).append((entry.address, where))
    return [_problem(*about, places, version) for about, places in found.items()]


def _lacking(entry: Entry, version: str) -> Iterator[tuple[str, str, str]]:
    """Yield what the server lacks for an entry, where the manifests ask for it, and since which version it is there."""
    kind = KINDS[entry.kind]
    if (since := kind.since_of(entry.key)) and not _has(version, since):
        yield "", str(entry.source), since
        return
    for path, value in entry.values.items():
        field = kind.field(path)
        if (since := field.needs(value)) and not _has(version, since):
            yield f"`{path}`{_how(field)}", str(entry.where(path)), since


def _how(field: Field) -> str:
    return "" if field.since_of is None else " as it is written"


def can_move(kind: str, version: str) -> bool:
    """Return whether a server of that version can change the key of an object of `kind` in place."""
    since = KINDS[kind].lifecycle.rename_since
    return since is not None and _has(version, since)


def _problem(kind: str, what: str, since: str, places: list[tuple[str, str]], version: str) -> Diagnostic:
    needs, hint = f"needs Open WebUI {since}, and the server runs {version}", "leave it out, or upgrade"
    (address, where), *others = places
    if not others:
        return Diagnostic(f"{address}{f': {what}' if what else ''} {needs}", where, hint)
    listed = listed_briefly([f"{address} at {where}" for address, where in places], _LISTED, "\n")
    return Diagnostic(f"{what or kind} {needs}: {len(places):,} entries\n{listed}", None, hint)


def _has(version: str, since: str | None) -> bool:
    return since is None or _numbers(version) >= _numbers(since)


def _numbers(version: str) -> tuple[int, ...]:
    """Return the leading numbers of a version; what follows them (`.dev1`, `-rc1`) is left out."""
    numbers = []
    for part in version.split("."):
        if not part.isdecimal():
            break
        numbers.append(int(part))
    return tuple(numbers)
