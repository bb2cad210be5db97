"""`access_rules` against the models that a server has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase

from owui_sync.kinds.observed import ObservedResource
from owui_sync.manifest.desired import AccessRule, Desired, Entry
from owui_sync.plan.snapshot import Snapshot


def expand_access_rules(desired: Desired, snapshot: Snapshot) -> dict[str, Entry]:
    """Return the entries of the manifests with the rules worked in, for models of the server and of its providers."""
    live = [live for lives in snapshot.objects.values() for live in lives if live.kind == "model"]
    covered = {model.key for model in live if not _orphan(model, desired, snapshot)}
    return expand(desired.entries, desired.rules, covered.union(snapshot.names.keys("provider")))


def _orphan(model: ObservedResource, desired: Desired, snapshot: Snapshot) -> bool:
    """Return whether it is a preset of ours that the manifests no longer name.

    It will be deleted, and no rule keeps it.
    """
    record = snapshot.inventory.records.get(model.address)
    owned = record is not None and not record.partial
    return owned and model.address not in desired.entries and model.values["base"] is not None


def expand(entries: Mapping[str, Entry], rules: Iterable[AccessRule], ids: Iterable[str]) -> dict[str, Entry]:
    """Return the entries with the rules worked in.

    Args:
        entries: address -> entry, as written.
        rules: in the order in which they are written.
        ids: all model ids of the server, those of its providers included.
    """
    result = dict(entries)
    rules = tuple(rules)
    written = [entry.key for entry in entries.values() if entry.kind == "model"] if rules else []
    for key in dict.fromkeys([*written, *sorted(ids)] if rules else []):
        rule = next((rule for rule in rules if any(fnmatchcase(key, glob) for glob in rule.models)), None)
        if rule is None:
            continue
        entry = result.get(f"model/{key}")
        if entry is None:
            entry = Entry("model", key, {"access": rule.access}, rule.source, partial=True)
        elif "access" not in entry.values:
            values = {**entry.values, "access": rule.access}
            entry = replace(entry, values=values, positions={**entry.positions, "access": rule.source})
        result[entry.address] = entry
    return result
