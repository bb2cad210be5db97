"""Plain scalars: YAML 1.2 core, and no number that JSON lacks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from owui_sync.manifest.yaml.scalars import scalar
from owui_sync.manifest.yaml.value_problem import ValueProblem


@pytest.mark.parametrize(
    "text", ["yes", "NO", "on", "Off", "y", "2024-01-01", "1:30", "0b11", "1_000", "0x", "-", ".", "1e", "=", "tRUE"]
)
def test_words_of_yaml_1_1_stay_texts(text: str) -> None:
    assert scalar(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("Null", None),
        ("007", 7),
        ("-12", -12),
        ("0o17", 15),
        ("0xfF", 255),
        ("1.5", 1.5),
        ("-.5e-1", -0.05),
        ("1e3", 1000.0),
    ],
)
def test_core_schema_values(text: str, value: Any) -> None:
    assert scalar(text) == value
    assert type(scalar(text)) is type(value)


@pytest.mark.parametrize("text", [".inf", "-.INF", ".nan", "1e999", "9" * 5000])
def test_numbers_that_json_lacks_are_refused(text: str) -> None:
    with pytest.raises(ValueProblem, match="number"):
        scalar(text)


@given(st.integers(min_value=-(2**63), max_value=2**64 - 1))
def test_every_integer_that_a_server_keeps_is_read_as_itself(number: int) -> None:
    assert scalar(str(number)) == number


@pytest.mark.parametrize("text", [str(2**64), str(-(2**63) - 1), "0x10000000000000000", "9" * 200])
def test_an_integer_that_comes_back_as_another_number_is_refused(text: str) -> None:
    with pytest.raises(ValueProblem, match="more than 64 bits"):
        scalar(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_read_as_itself(number: float) -> None:
    assert scalar(repr(number)) == number
