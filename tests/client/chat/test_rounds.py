from __future__ import annotations

from owui_sync.client.chat.extras import Extras
from owui_sync.client.chat.rounds import FALLBACKS, Round, next_question


def test_the_first_proposal_that_was_not_asked_is_next() -> None:
    assert next_question(["a"], ["a", "b", "c"]) == "b"


def test_without_a_new_proposal_a_general_question_is_next() -> None:
    assert next_question(["a"], ["a"]) == FALLBACKS[0]
    assert next_question(["a", FALLBACKS[0]], []) == FALLBACKS[1]
    assert next_question(["a", *FALLBACKS], []) in FALLBACKS


def test_a_question_that_several_models_propose_is_proposed_once() -> None:
    extras = Extras(follow_ups=(["a", "b"], None, ["b", "c"]))
    assert Round(1, "x", (), extras).proposed == ["a", "b", "c"]
