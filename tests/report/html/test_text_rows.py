"""Differences of texts as rows of a table."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from owui_sync.report.html.text_rows import TextRow, text_rows

TEXTS = st.lists(st.sampled_from(["a", "b c", "", "x y z", "tail "]), max_size=9).map("\n".join)


def side(rows: tuple[TextRow, ...], without: str) -> list[str]:
    return ["".join(text for text, _ in row.parts) for row in rows if row.mark not in (without, "@")]


@given(TEXTS, TEXTS)
def test_each_side_is_there_in_full_and_in_order(before: str, after: str) -> None:
    rows = text_rows(before, after)
    for text, without, number in ((before, "+", "old"), (after, "-", "new")):
        lines = text.split("\n")
        shown = [line.removesuffix(" (no line feed at the end)").replace("·", " ") for line in side(rows, without)]
        assert shown == (lines if lines[-1] else lines[:-1])
        numbers = [getattr(row, number) for row in rows if row.mark not in (without, "@")]
        assert numbers == list(range(1, len(shown) + 1))


def test_words_that_differ_are_marked_in_lines_that_stand_for_each_other() -> None:
    removed, added = text_rows("Be polite and brief.\n", "Be polite and very brief!\n")
    assert [text for text, differs in removed.parts if differs] == ["."]
    assert [text for text, differs in added.parts if differs] == ["very ", "!"]


def test_lines_with_little_in_common_are_marked_as_a_whole() -> None:
    removed, added = text_rows("Completely different words\n", "1 + 1 = 2\n")
    assert (len(removed.parts), len(added.parts)) == (1, 1)


def test_what_looks_alike_is_told_apart() -> None:
    removed, added = text_rows("a\u00a0b \n", "a b\n")
    assert removed.parts != added.parts
    assert "\\xa0" in "".join(text for text, _ in removed.parts)


def test_a_line_feed_that_is_missing_at_the_end_shows() -> None:
    removed, added = text_rows("a\n", "a")
    assert (removed.parts[0][0], added.parts[0][0]) == ("a", "a (no line feed at the end)")


def test_lines_far_from_a_change_are_counted_and_marked_as_the_rest() -> None:
    lines = [f"line {number}" for number in range(20)]
    rows = text_rows("\n".join(lines), "\n".join([*lines[:10], "new", *lines[11:]]))
    assert [row.parts[0][0] for row in rows if row.mark == "@"] == ["… 7 unchanged lines", "… 6 unchanged lines"]
    assert sum(row.is_rest for row in rows) == 13


def test_many_words_are_not_compared_one_by_one() -> None:
    before, after = (" ".join(f"{word}{number}" for number in range(20_000)) + "\n" for word in "ab")
    start = time.process_time()
    rows = text_rows(before, after)
    assert time.process_time() - start < 2
    assert all(len(row.parts) == 1 and len(row.parts[0][0]) < 3_000 for row in rows)
