"""Every name that an entry uses must be in the manifests or on the server, and must stay there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from owui_sync.errors import Problem
from owui_sync.kinds.base import Names
from owui_sync.kinds.names import by_id
from owui_sync.manifest.desired import Entry, Job
from owui_sync.plan.owners import unusable
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Action, Change
from owui_sync.resolve.graph import KEY, Named, named_by


def check_references(
    selected: Mapping[str, Entry],
    entries: Mapping[str, Entry],
    changes: Iterable[Change],
    snapshot: Snapshot,
    problems: list[Problem],
    warnings: list[str],
    others: Mapping[str, str] | None = None,
) -> None:
    """Adds a problem (or a warning, where names are never complete) for each name that will not be there.

    Args:
        selected: the entries that this run is about; what they name must exist or be selected too.
        entries: all entries.
        others: objects of other accounts, see `owners`.
    """
    deleted = {change.address for change in changes if change.action is Action.DELETE}
    for entry in selected.values():
        for use in named_by(entry):
            where = str(entry.where(use.path))
            if use.address in deleted:
                message = f"{_uses(entry, use)}, which this plan deletes"
                problems.append(Problem(message, where, f"write {use.address} again, or do without it here"))
            elif use.address in (others or {}):
                problems.append(unusable(entry.address, use.address, where, others or {}, snapshot))
            elif use.address not in selected:
                check_use(entry, use, where, entries, snapshot.names, problems, warnings)


def check_use(
    entry: Entry | Job,
    use: Named,
    where: str,
    entries: Mapping[str, Entry],
    names: Names,
    problems: list[Problem],
    warnings: list[str],
) -> None:
    """Adds a problem (or a warning) where one name stands for nothing, or for several objects."""
    ids = names.ids(use.kind, use.key)
    elsewhere = use.elsewhere
    if len(ids) == 1 or (elsewhere and names.ids(elsewhere, use.key)):
        return
    if len(ids) > 1:
        message = f"{_uses(entry, use)}, but the server has several: {', '.join(ids)}"
        which = f"rename or delete all but one on the server, or say which one: `id:{ids[0]}`"
        problems.append(Problem(message, where, which))
        return
    message = f"{_uses(entry, use)}, which neither the manifests nor the server have"
    hint = _hint(use, entries, names)
    if elsewhere:
        warnings.append(f"{where}: {message}" + (f"; {hint}" if hint else ""))
    else:
        problems.append(Problem(message, where, hint))


def _uses(entry: Entry | Job, use: Named) -> str:
    return f"{entry.address}: {use.path if use.path == KEY else f'`{use.path}`'} names {use.address}"


def _hint(use: Named, entries: Mapping[str, Entry], names: Names) -> str | None:
    if by_id(use.key):
        return "ids mean something on one server only: write its name, or do without it here"
    if use.address in entries:
        return f"{use.address} is left out by --only or --exclude and is not on the server yet: select it too"
    known = {entry.key for entry in entries.values() if entry.kind == use.kind}
    known.update(names.keys(use.kind), names.keys(use.elsewhere) if use.elsewhere else ())
    close = get_close_matches(use.key, sorted(known), 1)
    if close:
        return f"did you mean `{close[0]}`?"
    return None if use.elsewhere else f"write an entry for {use.address}, or do without it here"
