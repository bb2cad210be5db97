from __future__ import annotations

import pytest

from owui_sync.kinds.names import IdIndex, by_id, only_here

ONE, TWO = "0b2f1c9a-0000-4000-8000-000000000001", "0b2f1c9a-0000-4000-8000-000000000002"


def known(*pairs: tuple[str, str]) -> IdIndex:
    names = IdIndex()
    for key, id in pairs:
        names.add("group", key, id)
    return names


def test_a_name_that_means_one_object_names_it() -> None:
    assert known(("G", ONE), ("H", TWO)).called("group", ONE) == "G"


@pytest.mark.parametrize("key", ["G", "", f"id:{TWO}"])
def test_twins_the_nameless_and_names_that_look_like_ids_are_named_by_their_id(key: str) -> None:
    names = known((key, ONE), (key, TWO))
    assert names.called("group", ONE) == f"id:{ONE}"
    assert names.id("group", f"id:{ONE}") == ONE


def test_what_is_gone_is_named_by_its_id_and_has_none() -> None:
    names = known(("G", ONE))
    assert names.called("group", TWO) == f"id:{TWO}"
    assert names.ids("group", f"id:{TWO}") == ()


def test_of_twins_the_pinned_one_has_the_name() -> None:
    names = known(("G", ONE), ("G", TWO))
    names.pin("group", "G", TWO)
    assert (names.called("group", TWO), names.called("group", ONE)) == ("G", f"id:{ONE}")


def test_only_what_looks_like_an_id_of_a_server_is_one() -> None:
    assert (by_id(f"id:{ONE}"), by_id("id:x"), by_id(ONE)) == (ONE, None, None)
    assert [name for name in (f"file:{ONE}", f"id:{ONE}", "note: x", ONE) if only_here(name)] == [
        f"file:{ONE}",
        f"id:{ONE}",
    ]
