"""The rules of JSON Schema that no manifest uses today, in plain words as well."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from syrupy.assertion import SnapshotAssertion

from owui_sync.manifest.schema.violations import SchemaViolation, complaints


def _complaints(schema: Any, value: Any) -> list[SchemaViolation]:
    return [found for error in Draft202012Validator(schema).iter_errors(value) for found in complaints(error, ("a",))]


RULES = {
    "minimum": ({"minimum": 3}, 1, "3"),
    "maximum": ({"maximum": 3}, 5, "3"),
    "maxLength": ({"maxLength": 2}, "abc", "2"),
    "maxItems": ({"maxItems": 1}, [1, 2], "1"),
    "minItems": ({"minItems": 2}, [1], "2"),
    "uniqueItems": ({"uniqueItems": True}, [1, 1], "twice"),
    "pattern": ({"pattern": "^x"}, "abc", "`^x`"),
    "const": ({"const": 1}, 2, "`1`"),
    "not": ({"not": {}}, 1, "not"),
    "not null": ({"not": {"type": "null"}}, None, "`null`"),
    "required": ({"required": ["b", "c"]}, {}, "`b` and `c`"),
    "another rule": ({"multipleOf": 2}, 3, "not"),
    "pattern with words of its own": ({"pattern": "^x", "x-error": "begin it with x"}, "abc", ": begin it with x"),
    "oneOf with words of its own": ({"oneOf": [{"type": "number"}, {"minimum": 1}], "x-error": "no"}, 2, ": no"),
}


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_has_plain_words(rule: str, golden: SnapshotAssertion) -> None:
    schema, value, told = RULES[rule]
    (message,) = {complaint.message for complaint in _complaints(schema, value)}
    assert message.startswith("`a`")
    assert told in message
    assert message == golden


def test_own_words_do_not_stand_for_a_wrong_type(golden: SnapshotAssertion) -> None:
    (complaint,) = _complaints({"type": "string", "x-error": "begin it with x"}, 5)
    assert "begin it with x" not in complaint.message
    assert complaint.message == golden


def test_an_unknown_key_leaves_the_rest_usable(golden: SnapshotAssertion) -> None:
    (complaint,) = _complaints({"additionalProperties": False, "properties": {}}, {"b": 1})
    assert (complaint.path, complaint.at_key, complaint.harmless) == (("a", "b"), True, True)
    assert complaint.hint == golden
