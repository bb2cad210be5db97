"""Every name that an entry uses must be in the manifests or on the server, and must stay there."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from owui_sync.address import Address
from owui_sync.errors import Diagnostic
from owui_sync.kinds import access
from owui_sync.kinds.names import IdIndex, by_id
from owui_sync.manifest.desired import AccessRule, Entry
from owui_sync.plan.owners import unusable
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Action, Change
from owui_sync.resolve.graph import KEY, NamedReference, named_by
from owui_sync.resolve.pipes import Functions, functions_of, pipe_behind, with_pipes
from owui_sync.wording import did_you_mean


def check_references(
    selected: Mapping[str, Entry],
    entries: Mapping[str, Entry],
    changes: Iterable[Change],
    snapshot: Snapshot,
    problems: list[Diagnostic],
    warnings: list[str],
    rules: Iterable[AccessRule] = (),
    unchanged: Container[str] = (),
    others: Mapping[str, str] | None = None,
) -> None:
    """Add a problem (or a warning, where names are never complete) for each name that will not be there.

    A value that is on the server as it is written is not sent, so that a name in it need not stand for anything now:
    then it is only a warning.

    Args:
        selected: the entries that this run is about; what they name must exist or be selected too.
        entries: all entries.
        unchanged: addresses of objects that are as they are written.
        rules: whose access is checked once, by `check_rules`, and not at each model that they cover.
        others: objects of other accounts, see `owners`.
    """
    planned = {change.address: change for change in changes}
    deleted = _deleted(planned.values())
    places = {rule.source for rule in rules}
    functions = {**functions_of(snapshot.objects), **functions_of(entries)}
    for entry in selected.values():
        for use in with_pipes(named_by(entry), functions, entries):
            where = entry.where(use.path)
            if use.path == "access" and where in places:
                continue
            if use.address in deleted:
                problems.append(_gone(entry.address, use, str(where)))
            elif use.address in (others or {}):
                problems.append(unusable(entry.address, use.address, str(where), others or {}, snapshot))
            elif use.address not in selected:
                kept = entry.address in unchanged or _keeps(planned.get(entry.address), use.path)
                told = None if kept and use.path != KEY else problems
                check_use(entry.address, use, str(where), entries, snapshot.names, told, warnings)
        warnings += _asleep(entry, functions, snapshot)


def _asleep(entry: Entry, functions: Functions, snapshot: Snapshot) -> Iterator[str]:
    """Yield a warning for each model that a pipe offers once it is active, and that it is not."""
    for use in named_by(entry):
        pipe = pipe_behind(use, functions)
        there = snapshot.objects.get(pipe.address, ()) if pipe else ()
        active = there[0].values.get("active") if there else False
        if pipe and not pipe.values.get("active", active):
            yield (
                f"{entry.where(use.path)}: {_uses(entry.address, use)}, which {pipe.address} offers only while it is "
                "active: write `active: true` there"
            )


def check_rules(
    rules: Iterable[AccessRule],
    selected: Mapping[str, Entry],
    entries: Mapping[str, Entry],
    awaited: Container[str],
    changes: Iterable[Change],
    snapshot: Snapshot,
    problems: list[Diagnostic],
    warnings: list[str],
) -> None:
    """Add a problem for each group and user of `access_rules` that does not exist, even if no model has the rule.

    Add a warning for each pattern that no model fits.

    Args:
        selected: as for `check_references`.
        entries: all entries, those that rules made included.
        awaited: addresses of users that are not there yet.
    """
    deleted = _deleted(changes)
    models = {entry.key for entry in entries.values() if entry.kind == "model"}
    models.update(snapshot.names.keys("provider"), snapshot.names.keys("model"))
    for rule in rules:
        for kind, key in access.refers(rule.access):
            use = NamedReference("access", kind, key, None)
            if use.address in deleted:
                problems.append(_gone("access_rules", use, str(rule.source)))
            elif use.address not in selected and use.address not in awaited:
                check_use("access_rules", use, str(rule.source), entries, snapshot.names, problems, warnings)
        for glob in rule.models:
            if not any(fnmatchcase(model, glob) for model in models):
                hint = did_you_mean(glob, sorted(models))
                warnings.append(f"{rule.source}: access_rules: no model fits `{glob}`{f'; {hint}' if hint else ''}")


def _deleted(changes: Iterable[Change]) -> set[str]:
    return {change.address for change in changes if change.action is Action.DELETE}


def _gone(user: str, use: NamedReference, where: str) -> Diagnostic:
    message = f"{_uses(user, use)}, which this plan deletes"
    return Diagnostic(message, where, f"write {use.address} again, or do without it here")


def _keeps(change: Change | None, path: str) -> bool:
    """Return whether a change leaves the value at `path` as it is on the server."""
    if change is None or change.action in (Action.CREATE, Action.REPLACE):
        return False
    return path not in {field.path for field in change.fields}


def check_use(
    user: str,
    use: NamedReference,
    where: str,
    entries: Mapping[str, Entry],
    names: IdIndex,
    problems: list[Diagnostic] | None,
    warnings: list[str],
) -> None:
    """Add a problem (or a warning) where one name stands for nothing, or for several objects.

    Args:
        user: who uses the name.
        problems: None where nothing but a warning is called for.
    """
    ids = names.ids(use.kind, use.key)
    elsewhere = use.elsewhere
    if len(ids) == 1 or (elsewhere and names.ids(elsewhere, use.key)):
        return
    if len(ids) > 1:
        message = f"{_uses(user, use)}, but the server has several: {', '.join(ids)}"
        hint: str | None = f"rename or delete all but one on the server, or say which one: `id:{ids[0]}`"
    else:
        message = f"{_uses(user, use)}, which neither the manifests nor the server have"
        hint = _hint(use, entries, names)
    if problems is None or (elsewhere and not ids):
        warnings.append(f"{where}: {message}" + (f"; {hint}" if hint else ""))
    else:
        problems.append(Diagnostic(message, where, hint))


def _uses(user: str, use: NamedReference) -> str:
    return f"{user}: {use.path if use.path == KEY else f'`{use.path}`'} names {Address(use.kind, use.key)}"


def _hint(use: NamedReference, entries: Mapping[str, Entry], names: IdIndex) -> str | None:
    if by_id(use.key):
        return "ids mean something on one server only: write its name, or do without it here"
    if use.address in entries:
        return f"{use.address} is left out by --only or --exclude and is not on the server yet: select it too"
    known = {entry.key for entry in entries.values() if entry.kind == use.kind}
    known.update(names.keys(use.kind), names.keys(use.elsewhere) if use.elsewhere else ())
    if hint := did_you_mean(use.key, sorted(known)):
        return hint
    return None if use.elsewhere else f"write an entry for {use.address}, or do without it here"
