"""What later stations read from `Desired`."""

from __future__ import annotations

from owui_sync.manifest.desired import Desired, Entry
from owui_sync.values import Position

AT = Position("m.yaml", 1, 1)
LATER = Position("m.yaml", 2, 1)


def test_a_value_without_a_place_has_that_of_what_holds_it() -> None:
    entry = Entry("model", "m", {}, AT, {"params": LATER})
    assert entry.where("params.temperature") == LATER
    assert entry.where("name") == AT


def test_entries_are_found_by_kind_and_address() -> None:
    entries = {f"{kind}/x": Entry(kind, "x", {}, AT) for kind in ("model", "prompt")}
    assert [entry.address for entry in Desired("s", entries).of("prompt")] == ["prompt/x"]
