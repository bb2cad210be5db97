from __future__ import annotations

import pytest

from owui_sync.sandbox.provider.script import NO_FAULT, Fault, Rule, Script, prompted

CHAT = "/v1/chat/completions"


def test_a_rule_is_used_up() -> None:
    script = Script()
    script.add([Rule(Fault("cut"), times=2)])
    assert [script.take(CHAT, "m", "").kind for _ in range(3)] == ["cut", "cut", "none"]


def test_rules_apply_in_their_order() -> None:
    script = Script()
    script.add([Rule(Fault("status", "429")), Rule(Fault("cut"))])
    assert [script.take(CHAT, "m", "").kind for _ in range(2)] == ["status", "cut"]


def test_a_rule_can_choose_by_path_prompt_and_model() -> None:
    script = Script()
    script.add([Rule.parse({"do": "cut", "path": CHAT, "match": "tea", "model": "m", "times": 9})])
    assert script.take(CHAT, "m", "green tea").kind == "cut"
    assert script.take(CHAT, "m", "wine") == NO_FAULT
    assert script.take(CHAT, "other", "green tea") == NO_FAULT
    assert script.take("/v1/embeddings", "m", "green tea") == NO_FAULT


def test_a_prompt_can_ask_for_a_fault() -> None:
    assert prompted("Hello\nfail status 503\nthere") == Fault("status", "503")
    assert prompted("Fail stream-error") == Fault("stream-error")
    assert prompted("They fail status checks") == NO_FAULT


def test_values_have_defaults() -> None:
    assert Fault("status").number == 500
    assert Fault("delay", "2.5").number == 2.5


@pytest.mark.parametrize("document", [{"do": "explode"}, {}, {"do": "delay", "value": "soon"}, {"do": "cut", "x": 1}])
def test_what_is_no_rule_is_refused(document: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError, LookupError)):
        Rule.parse(document)
