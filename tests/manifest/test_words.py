"""Plain words for values and schemas."""

from __future__ import annotations

from typing import Any

import pytest

from owui_sync.kinds import access
from owui_sync.manifest.words import did_you_mean, listed, options, type_words, value_words
from owui_sync.values import Secret

SECRET = Secret("hunter2", {"$secret": "X"})


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "`null`"),
        (True, "`true`"),
        (7, "the number 7"),
        ("", "an empty text"),
        ("abc", "the text `abc`"),
        ("x" * 41, "a long text"),
        ("a\nb", "a long text"),
        ({"a": 1}, "a mapping"),
        ([1], "a list"),
        (SECRET, "a secret"),
        ([SECRET], "a secret"),
    ],
)
def test_a_value_is_told_by_kind_and_only_shown_when_short(value: Any, words: str) -> None:
    assert value_words(value) == words


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, "a text"),
        ({"type": ["string", "null"]}, "a text or `null`"),
        ({"enum": ["a", "b", "c"]}, "`a`, `b` or `c`"),
        ({"type": "array", "items": {"type": "integer"}}, "a list of whole numbers"),
        ({"type": "object", "additionalProperties": {"type": "boolean"}}, "a mapping of names to `true` or `false`"),
        (access.SCHEMA, "`public` or `private`, or a mapping with `read` and `write`"),
        ({}, "any value"),
    ],
)
def test_a_schema_is_told_in_words(schema: Any, words: str) -> None:
    assert type_words(schema) == words


def test_fixed_texts_are_found_in_all_forms() -> None:
    assert options(access.SCHEMA) == ["public", "private"]


def test_names_are_listed_and_slips_recognised() -> None:
    assert listed(["a", "b", "c"], last=" or ") == "`a`, `b` or `c`"
    assert listed([]) == ""
    assert did_you_mean("gruops", ["users", "groups"]) == "did you mean `groups`?"
    assert did_you_mean("zzz", ["users", "groups"]) is None
