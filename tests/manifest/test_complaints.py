"""The rules of JSON Schema that no manifest uses today, in plain words as well."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from owui_sync.manifest.complaints import Complaint, complaints, named, unknown_key


def _complaints(schema: Any, value: Any) -> list[Complaint]:
    return [found for error in Draft202012Validator(schema).iter_errors(value) for found in complaints(error, ("a",))]


@pytest.mark.parametrize(
    ("schema", "value", "message"),
    [
        ({"minimum": 3}, 1, "`a` must be 3 or more, not the number 1"),
        ({"maximum": 3}, 5, "`a` must be 3 or less, not the number 5"),
        ({"maxLength": 2}, "abc", "`a` must have 2 characters at the most"),
        ({"maxItems": 1}, [1, 2], "`a` must have 1 items at the most"),
        ({"minItems": 2}, [1], "`a` must have at least 2"),
        ({"uniqueItems": True}, [1, 1], "`a` has an item twice"),
        ({"pattern": "^x"}, "abc", "`a` must fit the pattern `^x`, unlike the text `abc`"),
        ({"const": 1}, 2, "`a` must be `1`, not the number 2"),
        ({"not": {}}, 1, "`a` is not allowed here"),
        ({"not": {"type": "null"}}, None, "`a` must not be `null`"),
        ({"required": ["b", "c"]}, {}, "`a` lacks `b` and `c`"),
        ({"multipleOf": 2}, 3, "`a` is not what it must be"),
        ({"pattern": "^x", "x-error": "begin it with x"}, "abc", "`a`: begin it with x"),
        ({"oneOf": [{"type": "number"}, {"minimum": 1}], "x-error": "no"}, 2, "`a`: no"),
    ],
)
def test_each_rule_has_plain_words(schema: Any, value: Any, message: str) -> None:
    assert message in [complaint.message for complaint in _complaints(schema, value)]


def test_own_words_do_not_stand_for_a_wrong_type() -> None:
    (complaint,) = _complaints({"type": "string", "x-error": "begin it with x"}, 5)
    assert complaint.message == "`a` must be a text, not the number 5"


def test_an_unknown_key_leaves_the_rest_usable() -> None:
    (complaint,) = _complaints({"additionalProperties": False, "properties": {}}, {"b": 1})
    assert (complaint.path, complaint.at_key, complaint.harmless) == (("a", "b"), True, True)
    assert complaint.hint == "known here: nothing"


def test_paths_are_written_as_people_write_them() -> None:
    assert named(("models", "m", "tags", 2)) == "`models.m.tags[2]`"


def test_a_future_section_is_only_one_at_the_top_and_under_absent() -> None:
    assert "yet" in unknown_key("tools", ["prompts"], ())[0]
    assert "yet" in unknown_key("tools", ["prompts"], ("absent",))[0]
    assert unknown_key("tools", ["name"], ("models", "m"))[0] == "unknown key `tools` in `models.m`"
