"""`access_rules` against the models that a server has."""

from __future__ import annotations

from owui_sync.kinds import access_rules
from owui_sync.kinds.base import ObservedResource
from owui_sync.manifest.desired import Desired, Entry
from owui_sync.plan.snapshot import Snapshot


def expand_access_rules(desired: Desired, snapshot: Snapshot) -> dict[str, Entry]:
    """The entries of the manifests with the rules worked in, for models of the server and of its providers."""
    live = [live for lives in snapshot.objects.values() for live in lives if live.kind == "model"]
    covered = {model.key for model in live if not _orphan(model, desired, snapshot)}
    return access_rules.expand(desired.entries, desired.rules, covered.union(snapshot.names.keys("provider")))


def _orphan(model: ObservedResource, desired: Desired, snapshot: Snapshot) -> bool:
    """Whether it is a preset of ours that the manifests no longer name: it is to be deleted, and no rule saves it."""
    record = snapshot.inventory.records.get(model.address)
    owned = record is not None and not record.partial
    return owned and model.address not in desired.entries and model.values["base"] is not None
