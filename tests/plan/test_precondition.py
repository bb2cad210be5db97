from __future__ import annotations

from owui_sync.plan.precondition import holds, precondition
from tests.support.build import live


def test_an_object_that_did_not_move_holds() -> None:
    one = live("prompt/a", content="x", tags=["b", "a"])
    assert holds(precondition(one), live("prompt/a", content="x", tags=["a", "b"]))


def test_any_field_that_moved_breaks_it() -> None:
    expected = precondition(live("prompt/a", content="x"))
    for moved in (
        live("prompt/a", content="y"),
        live("prompt/a", content="x", tags=["t"]),
        live("prompt/a", "2", content="x"),
    ):
        assert not holds(expected, moved)


def test_a_creation_holds_while_nothing_is_there() -> None:
    assert holds(precondition(None), None)
    assert not holds(precondition(None), live("prompt/a", content="x"))
    assert not holds(precondition(live("prompt/a", content="x")), None)


def test_an_object_with_a_secret_has_a_salted_digest() -> None:
    one = live("prompt/a", content="hunter2")
    first, second = precondition(one, ["content"]), precondition(one, ["content"])
    assert first != second
    assert first.startswith("scrypt:")
    assert holds(first, one)
    assert not holds(first, live("prompt/a", content="hunter3"))
