from __future__ import annotations

import re

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.client.runs.citations import CitedSource, checked, numbered, sources_in

PAGE = CitedSource("https://a.test/x", "A", "https://a.test/x", ["text"])
FILE = CitedSource("f1", "tea.txt", None, ["Tea is hot."])


@pytest.mark.parametrize(
    ("text", "kept", "removed"),
    [
        ("Known [1][2].", "Known [1][2].", ()),
        ("Grouped [1, 2].", "Grouped [1][2].", ()),
        ("Made up [3].", "Made up.", ("[3]",)),
        ("Half [1, 9].", "Half [1].", ("[9]",)),
        ("None [0].", "None.", ("[0]",)),
        ("See https://a.test/x.", "See https://a.test/x.", ()),
        ("See https://a.test/x/.", "See https://a.test/x/.", ()),
        ("[A](https://a.test/x) it is", "[A](https://a.test/x) it is", ()),
        ("[B](https://b.test/y) it is", "B it is", ("https://b.test/y",)),
        ("an array[1](x) of [text]", "an array[1](x) of [text]", ()),
    ],
)
def test_a_report_keeps_what_is_backed_and_nothing_else(text: str, kept: str, removed: tuple[str, ...]) -> None:
    result = checked(text, [PAGE, FILE])
    assert (result.text, result.removed) == (kept, removed)


def test_an_address_that_was_not_retrieved_is_left_out_and_said(golden: SnapshotAssertion) -> None:
    result = checked("See https://b.test/y, really.", [PAGE])
    assert re.fullmatch(r"See \([^)]+\), really\.", result.text)
    assert "b.test" not in result.text
    assert result.text == golden
    assert result.removed == ("https://b.test/y",)


def test_passages_of_one_document_are_one_source() -> None:
    item = {
        "source": {"type": "collection", "id": "c", "name": "Handbook"},
        "document": ["one", "two", "three"],
        "metadata": [
            {"file_id": "f1", "name": "a.txt", "source": "a.txt"},
            {"file_id": "f1", "name": "a.txt", "source": "a.txt"},
            {"source": "https://a.test/x", "title": "A"},
        ],
    }
    assert sources_in([item, item]) == [
        CitedSource("f1", "a.txt", None, ["one", "two"]),
        CitedSource("https://a.test/x", "A", "https://a.test/x", ["three"]),
    ]


def test_sources_of_several_findings_are_numbered_once_in_their_order() -> None:
    again = CitedSource("f1", "tea.txt", None, ["Tea is green."])
    found = numbered([[FILE], [PAGE, again]])
    assert [(source.name, source.texts) for source in found] == [
        ("tea.txt", ["Tea is hot.", "Tea is green."]),
        ("A", ["text"]),
    ]
    assert FILE.texts == ["Tea is hot."]
    assert numbered([[FILE], [PAGE]], most=1) == [FILE]


def test_a_source_is_what_the_page_wants() -> None:
    assert PAGE.item() == {
        "source": {"id": "https://a.test/x", "name": "A", "url": "https://a.test/x"},
        "document": ["text"],
        "metadata": [{"source": "https://a.test/x", "name": "A"}],
    }
