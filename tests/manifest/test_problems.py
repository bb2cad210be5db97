"""Problems are told once, in the order of the files."""

from __future__ import annotations

import pytest

from owui_sync.errors import ManifestError
from owui_sync.manifest.problems import Diagnostics
from owui_sync.values import Position


def test_problems_are_sorted_by_place_as_numbers_and_told_once() -> None:
    problems = Diagnostics()
    problems.add("late", Position("b.yaml", 1, 1))
    for _ in range(2):
        problems.add("tenth line", Position("a.yaml", 10, 1))
    problems.add("second line", Position("a.yaml", 2, 1), "a hint")
    problems.add("nowhere")
    with pytest.raises(ManifestError) as caught:
        problems.raise_any()
    assert [problem.message for problem in caught.value.problems] == ["nowhere", "second line", "tenth line", "late"]


def test_without_problems_nothing_is_raised() -> None:
    problems = Diagnostics()
    problems.raise_any()
    assert problems.in_order() == ()
