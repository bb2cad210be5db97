from __future__ import annotations

import copy
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from owui_sync.plan.nested import are_nested, nested_changes
from owui_sync.values import ABSENT, same

values = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 2) | st.sampled_from([0.0, 1.0, 0.5, "", "a", "__b", "a.b", '["x"]']),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "__b", "a.b", '"', ""]), inner, max_size=3)
    ),
    max_leaves=12,
)


def found(before: Any, after: Any) -> list[tuple[str, str, Any, Any]]:
    return [(each.path, each.operation, each.before, each.after) for each in nested_changes(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 2}}, [("a.b", "change", 1, 2)]),
        ({"a": {}, "b": 1}, {"b": 1, "c": None}, [("a", "remove", {}, ABSENT), ("c", "add", ABSENT, None)]),
        ({"__a": 1}, {"__a": 2}, [("__a", "change", 1, 2)]),
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": 1}, {"a": True}, [("a", "change", 1, True)]),
        ([1, "x"], [True, "x"], [("[0]", "change", 1, True)]),
        (["a", "b", "c"], ["b", "c"], [("[0]", "remove", "a", ABSENT)]),
        (["b"], ["a", "b"], [("[0]", "add", ABSENT, "a")]),
        ([{"a": {"b": [{"c": 1}]}}], [{"a": {"b": [{"c": 2}]}}], [("[0].a.b[0].c", "change", 1, 2)]),
        ({"gpt-4.1": {"max": 1}}, {"gpt-4.1": {"max": 2}}, [('["gpt-4.1"].max', "change", 1, 2)]),
        ({"a": {"": 1}}, {"a": {"": 2}}, [('a[""]', "change", 1, 2)]),
    ],
)
def test_parts_are_compared(before: Any, after: Any, expected: list[tuple[str, str, Any, Any]]) -> None:
    assert found(before, after) == expected


def test_positions_are_sorted_by_number() -> None:
    before = [{"n": number} for number in range(12)]
    assert [each.path for each in nested_changes(before, [{"n": -1}] * 12)] == [f"[{n}].n" for n in range(12)]


@settings(deadline=None)
@given(values, values)
def test_something_is_found_where_two_values_differ(before: Any, after: Any) -> None:
    kept = copy.deepcopy((before, after))
    changes = nested_changes(before, after)
    assert bool(changes) is not same(before, after)
    assert not any(same(each.before, each.after) for each in changes)
    assert (before, after) == kept


@pytest.mark.parametrize(
    ("before", "after", "nested"),
    [({}, {}, True), ([], (), True), ({}, [], False), ({}, None, False), ("a", "b", False)],
)
def test_only_mappings_and_lists_are_nested(before: Any, after: Any, nested: bool) -> None:
    assert are_nested(before, after) is nested


def test_a_plan_without_changes_does_without_the_library() -> None:
    script = (
        "import sys\nfrom owui_sync.plan.file.document import plan_document\n"
        "from owui_sync.report.markdown import plan_markdown\n"
        "from owui_sync.report.plan_lines import plan_lines\nfrom owui_sync.plan.types import Plan, ServerIdentity\n"
        "plan = Plan('support', ServerIdentity('http://x', '0.12.4'), ())\n"
        "list(plan_lines(plan, 80)), plan_markdown(plan), plan_document(plan)\n"
        "print('deepdiff' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "False"
