"""Plain words for values and schemas."""

from __future__ import annotations

from typing import Any

from syrupy.assertion import SnapshotAssertion

from owui_sync.kinds import access
from owui_sync.manifest.schema.wording import listed, options, type_words, value_words
from owui_sync.values import Secret
from tests.support.words import names_in

SECRET = Secret("hunter2", {"$secret": "X"})


SHOWN: list[tuple[Any, str]] = [(None, "null"), (True, "true"), (7, "7"), ("abc", "abc")]
UNSHOWN: list[Any] = ["", "x" * 41, "a\nb", {"a": 1}, [1], SECRET, [SECRET]]


def test_a_value_is_told_by_kind_and_only_shown_when_short(golden: SnapshotAssertion) -> None:
    for value, shown in SHOWN:
        assert shown in value_words(value)
    for value in UNSHOWN:
        assert "`" not in value_words(value)
        assert "hunter2" not in value_words(value)
    assert value_words(SECRET) == value_words([SECRET]) != value_words([1])
    assert [(value, value_words(value)) for value, _ in SHOWN] == golden
    assert [value_words(value) for value in UNSHOWN] == golden


SCHEMAS: dict[str, Any] = {
    "text": {"type": "string"},
    "text or null": {"type": ["string", "null"]},
    "enum": {"enum": ["a", True, None, 3]},
    "const": {"const": False},
    "list": {"type": "array", "items": {"type": "integer"}},
    "mapping": {"type": "object", "additionalProperties": {"type": "boolean"}},
    "access": access.SCHEMA,
    "anything": {},
}


def test_a_schema_is_told_in_words(golden: SnapshotAssertion) -> None:
    told = {name: type_words(schema) for name, schema in SCHEMAS.items()}
    assert names_in(told["enum"]) == {"a", "true", "null", "3"}
    assert names_in(told["access"]) == {"public", "private", "read", "write", "write_only"}
    assert len(set(told.values())) == len(SCHEMAS)
    assert told == golden


def test_fixed_texts_are_found_in_all_forms() -> None:
    assert options(access.SCHEMA) == ["public", "private"]


def test_names_are_listed() -> None:
    assert listed(["a", "b", "c"], last=" or ") == "`a`, `b` or `c`"
    assert listed([]) == ""
