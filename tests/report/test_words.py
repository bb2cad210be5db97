from __future__ import annotations

from typing import Any

import pytest

from owui_sync.plan.types import Cause, FieldChange
from owui_sync.report.words import access_items, counted, is_hidden, is_text, line_count, named, shortened, size, words
from owui_sync.values import ABSENT, Secret, SourcedText
from tests.support.samples import LOGO, PICTURE, PROMPT


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (ABSENT, "(none)"),
        (None, "(none)"),
        (True, "true"),
        (0.7, "0.7"),
        ("gpt-4.1", '"gpt-4.1"'),
        ("", '""'),
        ("x" * 61, "(text, 1 line, 61 B)"),
        ("one\ntwo", "(text, 2 lines, 7 B)"),
        ("é\n" * 600, "(text, 600 lines, 1.8 kB)"),
        (PICTURE, "(image, PNG, 2.7 kB)"),
        (SourcedText("one\n", PROMPT), "prompts/support.md (1 line, 4 B)"),
        (SourcedText(PICTURE, LOGO), "logo.png (PNG, 2.7 kB)"),
        ([], "[]"),
        (["a", 1], '["a", 1]'),
        ({"a": {"b": 1}}, '{"a": {"b": 1}}'),
    ],
)
def test_a_value_is_told_on_one_line(value: Any, shown: str) -> None:
    assert words(value) == shown


def test_a_long_list_says_how_much_is_left_out() -> None:
    assert words([*range(20)]) == "[0, 1, 2, 3, 4, 5, 6, 7, … 12 more]"


def test_a_long_mapping_is_cut_with_its_count() -> None:
    assert words({"a": "x" * 300}).endswith("… (+109 characters)")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("public", "public"),
        ("private", "private"),
        ({"read": "everyone", "write": {"users": ["a@b"]}}, "read: everyone; write: users a@b"),
        ({"read": {"groups": ["Support", "Sales"], "users": ["a@b"]}}, "read: groups Support, Sales, users a@b"),
    ],
)
def test_access_is_told_in_words(value: Any, shown: str) -> None:
    assert words(value, "access") == shown


def test_only_a_field_called_access_is_told_as_access() -> None:
    assert words("public", "params.mode") == '"public"'


def test_names_in_access_cannot_drive_the_terminal() -> None:
    assert "\x1b" not in words({"read": {"groups": ["\x1b[2J"]}}, "access")


def test_each_grant_is_an_item() -> None:
    value = {"read": {"groups": ["S"], "users": ["a@b"]}, "write": "everyone"}
    assert access_items(value) == ["read: group S", "read: user a@b", "write: everyone"]
    assert access_items("public") == ["read: everyone"]
    assert access_items("private") == []


def test_texts_of_files_inside_a_value_are_named_not_shown() -> None:
    assert named([{"content": SourcedText("long text", PROMPT)}, PICTURE]) == [
        {"content": "!file prompts/support.md"},
        "(PNG, 2.7 kB)",
    ]


def test_even_a_short_text_of_a_file_counts_as_text() -> None:
    assert is_text(SourcedText("v1", PROMPT))
    assert not is_text("v1")
    assert not is_text(SourcedText(PICTURE, LOGO))


@pytest.mark.parametrize(("text", "count"), [("", 0), ("a", 1), ("a\n", 1), ("a\nb", 2), ("\n", 1)])
def test_lines_are_counted_as_an_editor_does(text: str, count: int) -> None:
    assert line_count(text) == count


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB")]
)
def test_sizes_have_units(count: int, shown: str) -> None:
    assert size(count) == shown


def test_nouns_follow_their_number() -> None:
    assert (counted(1, "line"), counted(1200, "line")) == ("1 line", "1,200 lines")


def test_what_is_cut_is_counted() -> None:
    assert shortened("abcdef", 6) == "abcdef"
    assert shortened("abcdef", 4) == "abcd… (+2 characters)"


@pytest.mark.parametrize(
    "field",
    [
        FieldChange("p", "old", "new", Cause.MANIFEST, secret=True),
        FieldChange("p", "old", [{"key": Secret("x", {"$secret": "X"})}], Cause.MANIFEST),
    ],
)
def test_a_field_is_hidden_by_its_mark_or_by_a_secret_inside(field: FieldChange) -> None:
    assert is_hidden(field)
    assert not is_hidden(FieldChange("p", "old", "new", Cause.MANIFEST))


def test_files_are_counted_and_named_by_their_places() -> None:
    files = [{"path": f"{number}.md", "sha256": "0", "size": 1} for number in range(10)]
    assert words(files[:1]) == '1 file, 1 B: ["0.md"]'
    assert words(files).startswith("10 files, 10 B: [")
    assert words(files).endswith("… 2 more]")
