from __future__ import annotations

from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.manifest.desired import AccessRule, Desired, Entry
from owui_sync.plan.rules import expand_access_rules
from owui_sync.plan.types import InventoryEntry
from tests.support.build import HERE, entries, entry, live, record, snapshot

RULE = AccessRule(("bot-*", "claude-*"), "public", HERE)


def desired(*written: Entry) -> Desired:
    return Desired("default", entries(*written), (RULE,))


def offered(*ids: str) -> IdIndex:
    names = IdIndex()
    for id in ids:
        names.add("provider", id, id)
    return names


def covered(
    *written: Entry, on: tuple[ObservedResource, ...] = (), records: dict[str, InventoryEntry] | None = None
) -> set[str]:
    on_server = snapshot(*on, records=records, names=offered("claude-1", "gpt-4.1"))
    return {address for address, one in expand_access_rules(desired(*written), on_server).items() if one.partial}


def test_a_rule_covers_models_of_providers_and_of_the_server_that_fit() -> None:
    assert covered(on=(live("model/bot-1", base="gpt-4.1"), live("model/x"))) == {"model/claude-1", "model/bot-1"}


def test_no_rule_saves_a_preset_of_ours_that_left_the_manifests() -> None:
    ours = entry("model/bot-1", base="gpt-4.1")
    on = (live("model/bot-1", base="gpt-4.1"),)
    assert "model/bot-1" not in covered(on=on, records={ours.address: record(ours)})


def test_a_model_that_only_rules_cover_stays_covered() -> None:
    ours = entry("model/bot-1", access="public", partial=True)
    on = (live("model/bot-1", base="gpt-4.1"),)
    assert "model/bot-1" in covered(on=on, records={ours.address: record(ours, partial=True)})


def test_without_rules_nothing_is_added() -> None:
    written = entries(entry("model/bot-1", base="gpt-4.1"))
    assert expand_access_rules(Desired("default", written), snapshot(live("model/x"))) == written
