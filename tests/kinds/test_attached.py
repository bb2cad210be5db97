from __future__ import annotations

from typing import Any

import pytest

from owui_sync.kinds import attached
from owui_sync.kinds.names import IdIndex
from tests.support.build import live

BASE, GONE = "0b2f1c9a-0000-4000-8000-000000000001", "0b2f1c9a-0000-4000-8000-000000000002"
FILE = {"type": "file", "id": GONE, "name": "a.txt", "more": 1}


@pytest.fixture
def names() -> IdIndex:
    names = IdIndex()
    names.add("knowledge", "Handbook", BASE)
    return names


@pytest.mark.parametrize(
    ("item", "word"),
    [
        ({"type": "collection", "id": BASE, "name": "Old name"}, "Handbook"),
        ({"id": BASE}, "Handbook"),
        ({"type": "collection", "id": GONE, "name": "Handbook"}, f"id:{GONE}"),
        (FILE, f"file:{GONE}"),
        ({"type": "text", "name": "t", "content": "c"}, "text:t"),
        ({"type": "collection", "name": "Handbook"}, "collection:Handbook"),
    ],
)
def test_an_item_is_told_by_its_id_and_not_by_the_name_that_it_had(
    item: dict[str, Any], word: str, names: IdIndex
) -> None:
    assert attached.read([item], names) == [word]


def test_what_hangs_there_is_written_as_it_is(names: IdIndex) -> None:
    new = {"type": "collection", "id": BASE, "name": "Handbook"}
    assert attached.put(["Handbook", f"file:{GONE}"], [FILE], names) == [new, FILE]
    assert attached.put([f"id:{BASE}"], None, names) == [new]


def test_a_dead_id_is_written_anew_under_a_living_name(names: IdIndex) -> None:
    dead = {"type": "collection", "id": GONE, "name": "Handbook"}
    assert [item["id"] for item in attached.put(["Handbook"], [dead], names)] == [BASE]


def test_files_and_notes_name_no_object_and_must_hang_there_already() -> None:
    word = f"file:{GONE}"
    assert attached.refers(["Handbook", word]) == [("knowledge", "Handbook")]
    there = live("model/m", knowledge=[word])
    assert list(attached.problems({"knowledge": [word]}, there)) == []
    [(path, message, _)] = attached.problems({"knowledge": [word]}, live("model/m", knowledge=[]))
    assert path == "knowledge"
    assert f"`{word}` does not hang on it" in message
