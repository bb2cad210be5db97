from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from owui_sync.kinds import access
from owui_sync.kinds.base import Names

NAMES = st.lists(st.sampled_from(["a", "b", "c"]), max_size=3)
WHO = st.one_of(st.just("everyone"), st.fixed_dictionaries({}, optional={"groups": NAMES, "users": NAMES}))
ACCESS = st.one_of(
    st.sampled_from(["public", "private"]), st.fixed_dictionaries({}, optional={"read": WHO, "write": WHO})
)


def directory() -> Names:
    names = Names()
    for name in "abc":
        names.add("group", name, f"g-{name}")
        names.add("user", name, f"u-{name}")
    return names


@given(ACCESS)
def test_access_reads_from_the_server_as_it_was_written_to_it(value: Any) -> None:
    names = directory()
    assert access.from_rows(access.to_rows(value, names), names) == access.normal(value)


@given(ACCESS)
def test_the_normal_form_is_its_own_normal_form(value: Any) -> None:
    assert access.normal(access.normal(value)) == access.normal(value)


@pytest.mark.parametrize(
    ("value", "normal"),
    [
        ("public", "public"),
        ({"read": "everyone"}, "public"),
        ({"read": {"groups": []}}, "private"),
        ({"write": {"users": ["A@x.org"]}}, {"read": {"users": ["a@x.org"]}, "write": {"users": ["a@x.org"]}}),
        ({"read": "everyone", "write": {"users": ["a"]}}, {"read": "everyone", "write": {"users": ["a"]}}),
        ({"read": {"groups": ["b", "a", "a"]}}, {"read": {"groups": ["a", "b"]}}),
    ],
)
def test_each_access_has_one_shortest_form(value: Any, normal: Any) -> None:
    assert access.normal(value) == normal


def test_who_may_write_gets_the_read_grant_too_because_the_server_does_not_imply_it() -> None:
    rows = access.to_rows({"write": {"groups": ["a"]}}, directory())
    assert {(row["principal_id"], row["permission"]) for row in rows} == {("g-a", "read"), ("g-a", "write")}


def test_a_principal_that_no_longer_exists_is_shown_by_its_id() -> None:
    row = {"principal_type": "user", "principal_id": "gone", "permission": "read"}
    assert access.from_rows([row], directory()) == {"read": {"users": ["gone"]}}


def test_all_names_of_a_value_are_its_references() -> None:
    value = {"read": {"groups": ["a"]}, "write": {"users": ["B"]}}
    assert access.refers(value) == [("group", "a"), ("user", "b")]
    assert access.refers("public") == []
