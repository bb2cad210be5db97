from __future__ import annotations

import pytest

from owui_sync.report.visible import distinguish, distinguish_lines, line, spell, visible, visible_lines


@pytest.mark.parametrize("text", ["plain", "naïve 日本語", "👩‍👩‍👧 family", "می‌خواهم"])
def test_text_that_prints_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x9b31m", "\\x9b31m"),
        ("a\tb\rc\x07", "a\\tb\\rc\\x07"),
        ("a\u202eb", "a\\u202eb"),
        ("a\u200bb\xa0c", "a\\u200bb\\xa0c"),
        ("\ud800", "\\ud800"),
        ("tag\U000e0041", "tag\\U000e0041"),
    ],
)
def test_what_drives_a_terminal_or_hides_becomes_an_escape(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_only_line_feeds_survive_in_several_lines() -> None:
    assert visible_lines("a\x1b\nb\r") == "a\\x1b\nb\\r"


def test_json_values_are_spelled_on_one_line_without_control_characters() -> None:
    assert spell({"a": ["x\ny", "\x9b", None, True]}) == '{"a": ["x\\ny", "\\x9b", null, true]}'


def test_values_that_look_the_same_are_spelled_in_ascii() -> None:
    assert distinguish("cafe\u0301", "café") == ('"cafe\\u0301"', '"caf\\u00e9"')


def test_values_that_look_different_keep_their_letters() -> None:
    assert distinguish("thé", "café") == ('"thé"', '"café"')


def test_blanks_at_the_end_of_a_line_are_dots() -> None:
    assert line("a b  ") == "a b··"


@pytest.mark.parametrize(
    ("before", "after"), [("a ", "a"), ("a\r", "a"), ("a\tb", "a b"), ("a\tb", "a\\tb"), ("e\u0301", "é"), ("a·", "a ")]
)
def test_two_different_lines_never_look_the_same(before: str, after: str) -> None:
    one, other = distinguish_lines(before, after)
    assert one != other
    assert one.isprintable()
    assert other.isprintable()
