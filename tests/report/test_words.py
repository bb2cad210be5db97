from __future__ import annotations

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.plan.types import Cause, FieldChange
from owui_sync.report.words import access_items, is_text, line_count, named, size, words
from owui_sync.values import ABSENT, Secret, SourcedText
from tests.support.samples import LOGO, PICTURE, PROMPT
from tests.support.words import numbers_in


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "true"),
        (0.7, "0.7"),
        ("gpt-4.1", '"gpt-4.1"'),
        ("", '""'),
        ([], "[]"),
        (["a", 1], '["a", 1]'),
        ({"a": {"b": 1}}, '{"a": {"b": 1}}'),
    ],
)
def test_a_short_value_is_told_as_it_is(value: Any, shown: str) -> None:
    assert words(value) == shown


def test_what_is_not_there_is_told_in_one_way(golden: SnapshotAssertion) -> None:
    assert words(ABSENT) == words(None) == golden


def test_texts_and_pictures_are_told_by_file_type_lines_and_size(golden: SnapshotAssertion) -> None:
    values = [
        "x" * 61,
        "one\ntwo",
        "é\n" * 600,
        PICTURE,
        SourcedText("one\n", PROMPT),
        SourcedText(PICTURE, LOGO),
    ]
    shown = [words(value) for value in values]
    assert [numbers_in(text) for text in shown] == [
        ["1", "61"],
        ["2", "7"],
        ["600", "1.8"],
        ["2.7"],
        ["1", "4"],
        ["2.7"],
    ]
    assert ("PNG" in shown[3], shown[4].split()[0], shown[5].split()[0]) == (True, "prompts/support.md", "logo.png")
    assert shown == golden


def test_a_long_list_says_how_much_is_left_out(golden: SnapshotAssertion) -> None:
    shown = words([*range(20)])
    assert numbers_in(shown.replace(",", "")) == [*map(str, range(8)), "12"]
    assert shown == golden


def test_a_long_mapping_is_cut_with_its_count() -> None:
    assert numbers_in(words({"a": "x" * 300})) == ["109"]


def test_access_is_told_in_words(golden: SnapshotAssertion) -> None:
    assert (words("public", "access"), words("private", "access")) == ("public", "private")
    shown = [
        words({"read": "everyone", "write": {"users": ["a@b"]}}, "access"),
        words({"read": {"groups": ["Support", "Sales"], "users": ["a@b"]}}, "access"),
    ]
    assert [[name for name in ("Support", "Sales", "a@b") if name in text] for text in shown] == [
        ["a@b"],
        ["Support", "Sales", "a@b"],
    ]
    assert shown == golden


def test_only_a_field_called_access_is_told_as_access() -> None:
    assert words("public", "params.mode") == '"public"'


def test_names_in_access_cannot_drive_the_terminal() -> None:
    assert "\x1b" not in words({"read": {"groups": ["\x1b[2J"]}}, "access")


def test_each_grant_is_an_item(golden: SnapshotAssertion) -> None:
    items = access_items({"read": {"groups": ["S"], "users": ["a@b"]}, "write": "everyone"})
    assert ("S" in items[0], "a@b" in items[1], len(items)) == (True, True, 3)
    assert (len(access_items("public")), access_items("private")) == (1, [])
    assert [*items, *access_items("public")] == golden


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


@pytest.mark.parametrize(
    "field",
    [
        FieldChange("p", "old", "new", Cause.MANIFEST, secret=True),
        FieldChange("p", "old", [{"key": Secret("x", {"$secret": "X"})}], Cause.MANIFEST),
    ],
)
def test_a_field_is_hidden_by_its_mark_or_by_a_secret_inside(field: FieldChange) -> None:
    assert field.is_hidden
    assert not FieldChange("p", "old", "new", Cause.MANIFEST).is_hidden


def test_files_are_counted_and_named_by_their_places() -> None:
    files = [{"path": f"{number}.md", "sha256": "0", "size": 1} for number in range(10)]
    assert words(files[:1]) == '1 file, 1 B: ["0.md"]'
    assert words(files).startswith("10 files, 10 B: [")
    assert words(files).endswith("… 2 more]")
