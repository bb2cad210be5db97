from __future__ import annotations

from owui_sync.address import Address, FieldPath, field_of


def test_a_key_may_hold_slashes_and_a_kind_does_not() -> None:
    assert Address.parse("folder/a/b") == ("folder", "a/b")
    assert str(Address("folder", "a/b")) == "folder/a/b"


def test_a_leaf_may_hold_dots() -> None:
    assert FieldPath.parse("meta.a.b") == ("meta", "a.b")
    assert FieldPath.parse("name") == ("name", "")
    assert field_of("params.seed") == "params"
