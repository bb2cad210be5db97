from __future__ import annotations

import pytest

from owui_sync.client.errors import Forbidden, Uncertain
from owui_sync.kinds.unfinished import PartialWrite, finishing
from tests.support.build import live

THERE = live("group/g")


def test_what_fails_afterwards_leaves_the_object_and_its_own_words() -> None:
    with pytest.raises(PartialWrite) as raised, finishing(THERE, usable=True):
        raise Forbidden("POST", "/x", 403, "not allowed")
    assert (raised.value.live, raised.value.usable) == (THERE, True)
    assert isinstance(raised.value.__cause__, Forbidden)


def test_what_is_unfinished_already_gets_the_object() -> None:
    error = PartialWrite("a file is missing")
    with pytest.raises(PartialWrite) as raised, finishing(THERE):
        raise error
    assert (raised.value, error.live, error.usable) == (error, THERE, False)


def test_a_lost_answer_is_for_whoever_asked() -> None:
    with pytest.raises(Uncertain), finishing(THERE):
        raise Uncertain("POST", "/x", "reset")
