from __future__ import annotations

from owui_sync.plan.duplicates import doubles
from owui_sync.plan.inventory import Inventory
from owui_sync.plan.types import InventoryEntry
from tests.support.build import live, snapshot


def test_each_object_of_a_name_is_told_with_its_owner() -> None:
    on = snapshot(
        *(live("group/A", id) for id in "123"),
        live("group/B", "4"),
        records={"group/A": InventoryEntry("2")},
        others={"other": Inventory("other", 1, "00", {"group/A": InventoryEntry("3")})},
    )
    assert list(doubles(["group/A", "group/B", "group/C"], on)) == [
        "the server has 3 objects group/A: 1, 2 (this stack's), 3 (of stack 'other'); rename or delete all but one of "
        "them"
    ]
