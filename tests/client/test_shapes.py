from __future__ import annotations

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.client.errors import UnknownAnswer
from owui_sync.client.shapes import as_row, as_rows, segment


def test_known_shapes_pass_through() -> None:
    assert as_row({"id": 1}, "GET", "/x") == {"id": 1}
    assert as_rows([{"id": "a"}], "GET", "/x") == [{"id": "a"}]
    assert as_rows([], "GET", "/x") == []


@pytest.mark.parametrize("answer", [None, True, "x", {"id": 1}, [1], [None]])
def test_unknown_shapes_are_refused(answer: Any) -> None:
    with pytest.raises(UnknownAnswer, match="expected"):
        as_rows(answer, "GET", "/x")


@pytest.mark.parametrize(
    "row", [{}, {"id": None, "name": "x"}, {"id": 1, "name": "x"}, {"id": "a"}], ids=["both", "null", "number", "name"]
)
def test_a_row_without_what_identifies_it_is_refused_and_the_message_names_it(
    row: dict[str, Any], golden: SnapshotAssertion
) -> None:
    with pytest.raises(UnknownAnswer, match=r"^GET /x .* 200.* `(id|name)`") as caught:
        as_rows([{"id": "a", "name": "x"}, row], "GET", "/x", ("id", "name"))
    assert str(caught.value) == golden


def test_null_is_no_row() -> None:
    with pytest.raises(UnknownAnswer, match="not null"):
        as_row(None, "POST", "/x")


def test_segment_quotes_and_refuses_what_leads_elsewhere() -> None:
    assert segment("a/b c?") == "a%2Fb%20c%3F"
    for text in ("", ".", ".."):
        with pytest.raises(ValueError, match="no id"):
            segment(text)
