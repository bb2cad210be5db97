from __future__ import annotations

import time

from syrupy.assertion import SnapshotAssertion

from owui_sync.report.difference import (
    access_difference,
    list_difference,
    mapping_difference,
    text_difference,
)
from tests.support.words import numbers_in


def test_a_changed_line_stands_between_one_line_of_context(golden: SnapshotAssertion) -> None:
    found = text_difference("a\nb\nold\nd\ne\n", "a\nb\nnew\nd\ne\n")
    (mark, place), *rest = found.lines
    assert (mark, numbers_in(place)) == ("@", ["2"])
    assert rest == [(" ", "b"), ("-", "old"), ("+", "new"), (" ", "d")]
    assert [found.summary, place] == golden


def test_a_passage_at_the_beginning_needs_no_line_number() -> None:
    assert text_difference("old\nb\n", "new\nb\n").lines[0] == ("-", "old")


def test_replaced_lines_count_once(golden: SnapshotAssertion) -> None:
    summary = text_difference("a\nb\n", "x\ny\nz\n").summary
    assert numbers_in(summary) == ["3"]
    assert summary == golden


def test_invisible_changes_are_seen() -> None:
    marked = text_difference("a\nb \nc\n", "a\r\nb\nc\n").lines
    assert marked == (("-", "a"), ("-", "b·"), ("+", "a\\r"), ("+", "b"), (" ", "c"))


def test_a_missing_line_feed_at_the_end_is_told(golden: SnapshotAssertion) -> None:
    found = text_difference("a\nend", "a\nend\n")
    same, (mark, removed), added = found.lines
    assert (same, mark, added) == ((" ", "a"), "-", ("+", "end"))
    assert removed.startswith("end ")
    assert numbers_in(found.summary) == ["1"]
    assert [found.summary, removed] == golden


def test_a_line_goes_from_a_text_without_a_line_feed_at_the_end() -> None:
    assert text_difference("Be brief.\nAnd apologise.", "Be brief.").lines == (
        (" ", "Be brief."),
        ("-", "And apologise."),
    )
    assert text_difference("a", "a\nb").lines == ((" ", "a"), ("+", "b"))


def test_control_characters_stay_out_of_every_line() -> None:
    marked = text_difference("\x1b[2J ctx\nold \x1b\n", "\x1b[2J ctx\nnew \x9b\n").lines
    assert all(text.isprintable() for _, text in marked)


def test_a_long_line_is_cut_to_what_differs() -> None:
    before = "word " * 20_000
    after = before[:50_000] + "CHANGED " + before[50_000:]
    (_, removed), (_, added) = text_difference(before, after).lines
    assert "CHANGED" in added
    assert "CHANGED" not in removed
    assert len(added) < 120
    assert added.startswith("…")
    assert added.endswith("…")


def test_a_long_line_that_shrinks_to_a_repetition_is_cut_right() -> None:
    found = text_difference("a" * 500, "a" * 400).lines
    assert found[0][1].count("a") - found[1][1].count("a") == 100


def test_a_text_of_100_kb_takes_no_time() -> None:
    before = "".join(f"Rule {number}: consider clause {number * 7}.\n" for number in range(3000))
    start = time.perf_counter()
    found = text_difference(before, before.replace("Rule 600:", "Rule X:"))
    assert time.perf_counter() - start < 1
    assert [line for line in found.lines if line[0] in "-+"] == [
        ("-", "Rule 600: consider clause 4200."),
        ("+", "Rule X: consider clause 4200."),
    ]


def test_items_of_a_list_are_added_and_removed(golden: SnapshotAssertion) -> None:
    found = list_difference(["a", "b"], ["b", "c", "d"])
    assert numbers_in(found.summary) == ["2", "1"]
    assert found.summary == golden
    assert sorted(found.lines) == [("+", '"c"'), ("+", '"d"'), ("-", '"a"')]


def test_items_in_another_order_are_told(golden: SnapshotAssertion) -> None:
    found = list_difference(["a", "b"], ["b", "a"])
    assert numbers_in(found.summary) == []
    assert found.summary == golden


def test_repeated_items_are_counted() -> None:
    found = list_difference(["a"], ["a", "a"])
    assert numbers_in(found.summary) == ["1"]
    assert found.lines == (("+", '"a"'),)


def test_leaves_of_a_mapping_differ_one_by_one(golden: SnapshotAssertion) -> None:
    found = mapping_difference({"a": {"b": 1, "c": 2}, "x": []}, {"a": {"b": 3, "c": 2}, "y": {}})
    assert numbers_in(found.summary) == ["1", "1", "1"]
    assert found.summary == golden
    assert found.lines == (("-", "a.b: 1"), ("+", "a.b: 3"), ("-", "x: []"), ("+", "y: {}"))


def test_grants_are_added_and_removed(golden: SnapshotAssertion) -> None:
    found = access_difference("public", {"read": {"groups": ["Support"]}})
    (gone, everyone), (come, group) = found.lines
    assert (gone, come) == ("-", "+")
    assert "Support" in group
    assert [everyone, group] == golden


def test_leaves_inside_lists_differ_one_by_one() -> None:
    found = mapping_difference(
        {"stop": ["a", "b"], "x": [{"y": 1}]}, {"stop": ["b"], "x": [{"y": 2}], "z": {"p.q": {}}}
    )
    assert found.lines == (("-", 'stop[0]: "a"'), ("-", "x[0].y: 1"), ("+", "x[0].y: 2"), ("+", 'z["p.q"]: {}'))


def test_of_a_list_of_mappings_only_what_differs_is_shown(golden: SnapshotAssertion) -> None:
    found = list_difference([{"name": "a", "on": True}, {"name": "b"}], [{"name": "a", "on": False}])
    assert numbers_in(found.summary) == ["1", "1"]
    assert found.summary == golden
    assert found.lines == (("-", "[0].on: true"), ("+", "[0].on: false"), ("-", '[1].name: "b"'))
