from __future__ import annotations

from syrupy.assertion import SnapshotAssertion

from owui_sync.report.markdown_fit import Piece, Section, fitted, size
from tests.support.words import numbers_in

LONG = "x" * 500


def pieces(count: int, full: str | None = None) -> list[Piece]:
    return [Piece(f"- line {number}", None if full is None else lambda: full) for number in range(count)]


def test_an_emoji_counts_as_two() -> None:
    assert (size("a"), size("ä"), size("🔥")) == (1, 1, 2)


def test_lines_stand_together_and_details_apart() -> None:
    some = [Piece("- a"), Piece("- b"), Piece("- c", lambda: "c\n\nin full")]
    assert fitted([Section("Things", some)], 10_000) == "### Things\n\n- a\n- b\n\nc\n\nin full"


def test_a_section_without_pieces_has_no_title() -> None:
    assert fitted([Section("None", []), Section("Some", pieces(1))], 10_000) == "### Some\n\n- line 0"


def test_every_line_comes_before_any_details(golden: SnapshotAssertion) -> None:
    text = fitted([Section("Things", pieces(3, LONG))], 200 + 3 * 10 + 500)
    assert text.count(LONG) == 1
    assert ("- line 1" in text, "- line 2" in text) == (True, True)
    end = text.splitlines()[-1]
    assert numbers_in(end) == ["2"]
    assert end == golden


def test_what_has_no_room_is_counted(golden: SnapshotAssertion) -> None:
    text = fitted([Section("Things", pieces(1000))], 200 + 50 * 10)
    shown = text.count("- line ")
    assert 0 < shown < 1000
    end = text.splitlines()[-1]
    assert numbers_in(end) == [str(1000 - shown)]
    assert end == golden


def test_the_first_section_is_served_first() -> None:
    text = fitted([Section("First", pieces(20)), Section("Second", pieces(20))], 400 + 20 * 12)
    assert text.index("- line 19") < text.index("### Second")
    shown = text.partition("### Second")[2].count("- line ")
    assert shown < 20
    assert numbers_in(text.splitlines()[-1]) == [str(20 - shown)]


def test_details_are_only_made_where_there_is_room(golden: SnapshotAssertion) -> None:
    def never() -> str:
        raise AssertionError("made for nothing")

    text = fitted([Section("Things", [Piece("- a", never)])], 200 + 50)
    assert numbers_in(text) == ["1"]
    assert text == golden
