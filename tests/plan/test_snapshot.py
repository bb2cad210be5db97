from __future__ import annotations

from owui_sync.plan.inventory import Inventory
from owui_sync.plan.types import InventoryEntry
from tests.support.build import live, snapshot


def test_of_two_objects_with_one_name_the_id_tells_which() -> None:
    on = snapshot(live("group/A", "1"), live("group/A", "2"))
    found = on.find("group/A", "2")
    assert found is not None
    assert found.id == "2"
    assert on.find("group/A", "3") is None
    assert on.find("group/B", "1") is None


def test_an_object_belongs_to_the_stack_that_knows_its_id_and_not_only_its_name() -> None:
    other = Inventory("other", records={"group/A": InventoryEntry("1")})
    on = snapshot(live("group/A", "1"), live("group/A", "2"), others={"other": other})
    assert on.owner("group/A", "1") == "other"
    assert on.owner("group/A", "2") is None
    assert on.owner("group/B", "1") is None
