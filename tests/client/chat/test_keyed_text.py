from __future__ import annotations

import copy
import json
import pickle
from dataclasses import asdict, dataclass

import pytest

from owui_sync.client.chat.keyed_text import KeyedText

TEXT = KeyedText("Tea is healthy.", follow_ups=["Why?"])


def test_it_is_a_text_and_a_mapping() -> None:
    assert TEXT == "Tea is healthy."
    assert TEXT["content"] == "Tea is healthy."
    assert (TEXT.get("follow_ups"), TEXT.get("none"), TEXT.get("none", 1)) == (["Why?"], None, 1)
    assert dict(TEXT) == dict(TEXT.items()) == {"content": "Tea is healthy.", "follow_ups": ["Why?"]}
    assert (list(TEXT.keys()), list(TEXT.values())[1]) == (["content", "follow_ups"], ["Why?"])
    assert isinstance(TEXT, str)
    assert isinstance(TEXT, dict)
    copied = TEXT.copy()
    copied["mine"] = 1
    assert (type(copied), copied) == (dict, {**TEXT, "mine": 1})


def test_what_texts_and_mappings_have_both_is_of_the_text() -> None:
    assert (len(TEXT), TEXT[0], TEXT[:3], list(TEXT)[:3]) == (15, "T", "Tea", ["T", "e", "a"])
    assert hash(TEXT) == hash("Tea is healthy.")
    assert "follow_ups" in TEXT
    assert "healthy" in TEXT
    assert "coffee" not in TEXT
    with pytest.raises(KeyError):
        _ = TEXT["none"]


def test_it_is_a_text_in_json() -> None:
    for indent in (None, 1):
        assert json.loads(json.dumps({"a": TEXT}, indent=indent)) == {"a": "Tea is healthy."}


def test_it_survives_code_that_makes_mappings_anew_by_their_type() -> None:
    @dataclass
    class Kept:
        reply: KeyedText

    made = asdict(Kept(TEXT))["reply"]
    assert (made, dict(made)) == (TEXT, dict(TEXT))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_can_be_pickled_and_copied(protocol: int) -> None:
    for made in (pickle.loads(pickle.dumps(TEXT, protocol)), copy.deepcopy(TEXT)):
        assert type(made) is KeyedText
        assert dict(made) == dict(TEXT)
