from __future__ import annotations

from owui_sync.kinds.names import IdIndex
from owui_sync.plan.id_references import mark, with_names
from tests.support.build import entries, entry

ONE, TWO = "0b2f1c9a-0000-4000-8000-000000000001", "0b2f1c9a-0000-4000-8000-000000000002"


def known(*ids: str) -> IdIndex:
    names = IdIndex()
    for id in ids:
        names.add("group", "Support", id)
    return names


def readers(access: object, names: IdIndex) -> object:
    one = entry("prompt/p", content=f"id:{ONE}", access=access)
    named = with_names(entries(one), names)["prompt/p"].values
    assert named["content"] == f"id:{ONE}", "a text is no name"
    return named["access"]


def test_an_id_in_a_manifest_reads_as_the_server_does() -> None:
    written = {"read": {"groups": [f"id:{ONE}"]}}
    assert readers(written, known(ONE)) == {"read": {"groups": ["Support"]}}
    assert readers(written, known(ONE, TWO)) == written
    assert readers(written, known(TWO)) == written


def test_a_marker_moves_when_what_is_named_is_made_anew() -> None:
    values = {"content": "x", "access": {"read": {"groups": ["Support"]}}}
    marks = {mark("7", "prompt", values, values, names) for names in (known(ONE), known(TWO), known())}
    assert len(marks) == 3
    assert mark("7", "prompt", values, ["content"], known(ONE)) == "7"
    assert mark("", "prompt", values, values, known(ONE)) == "", "nothing to trust stays so"
