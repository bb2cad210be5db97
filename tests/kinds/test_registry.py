"""Laws that hold for every kind, so that a new one is tested by being registered."""

from __future__ import annotations

import pytest

from owui_sync.kinds import KINDS, SECTIONS
from owui_sync.kinds.base import Kind
from owui_sync.kinds.names import IdIndex
from owui_sync.observe.catalog import DIRECTORIES
from owui_sync.values import ABSENT, same

ALL = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)


@ALL
def test_every_field_says_what_it_means(kind: Kind) -> None:
    assert kind.summary.endswith(".")
    assert kind.key["description"]
    assert [field.name for field in kind.fields if not field.schema.get("description")] == []


@ALL
def test_every_default_is_in_normal_form(kind: Kind) -> None:
    for field in kind.fields:
        if field.depth == 0 and field.default is not ABSENT:
            assert same(field.normalise(field.default), field.default), field.name


@ALL
def test_every_read_that_a_field_asks_for_exists(kind: Kind) -> None:
    known = KINDS.keys() | DIRECTORIES.keys() | {word for other in KINDS.values() for word in other.provides}
    for field in kind.fields:
        assert field.reads <= known, field.name
    assert kind.reads <= known


@ALL
def test_an_unknown_field_has_no_default(kind: Kind) -> None:
    with pytest.raises(KeyError):
        kind.default("no_such_field", "key")


def test_sections_and_kinds_are_the_same_objects() -> None:
    assert list(SECTIONS.values()) == list(KINDS.values())


def test_a_name_that_several_objects_have_means_none_until_it_is_pinned() -> None:
    names = IdIndex()
    names.add("group", "Support", "1")
    names.add("group", "Support", "2")
    with pytest.raises(KeyError, match="group/Support"):
        names.id("group", "Support")
    names.pin("group", "Support", "2")
    assert names.id("group", "Support") == "2"
    assert names.key("group", "1") == "Support"
