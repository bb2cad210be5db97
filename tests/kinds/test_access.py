from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from owui_sync.client.reader import Reader, ReadOnly
from owui_sync.client.versions import Version
from owui_sync.kinds import access
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.rows import Row
from tests.support.fake import Fake, ok

NAMES = st.lists(st.sampled_from(["a", "b", "c"]), max_size=3)
WHO = st.one_of(st.just("everyone"), st.fixed_dictionaries({}, optional={"groups": NAMES, "users": NAMES}))
ACCESS = st.one_of(
    st.sampled_from(["public", "private"]),
    st.fixed_dictionaries({}, optional={"read": WHO, "write": WHO, "write_only": WHO}),
)


def directory() -> IdIndex:
    names = IdIndex()
    for name in "abc":
        names.add("group", name, f"g-{name}")
        names.add("user", name, f"u-{name}")
    return names


def server(version: str) -> Reader:
    """A client that knows its server's version and never asks."""
    reader = Reader(ReadOnly(Fake(ok()).transport()))
    reader.version = Version.parse(version)
    return reader


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
        ({"write_only": {"groups": ["a"]}}, {"write_only": {"groups": ["a"]}}),
        ({"read": "everyone", "write_only": {"groups": ["a"]}}, {"read": "everyone", "write": {"groups": ["a"]}}),
        (
            {"write": {"users": ["b"]}, "write_only": {"users": ["a", "b"]}},
            {"read": {"users": ["b"]}, "write": {"users": ["b"]}, "write_only": {"users": ["a"]}},
        ),
    ],
)
def test_each_access_has_one_shortest_form(value: Any, normal: Any) -> None:
    assert access.normal(value) == normal


def test_who_may_write_gets_the_read_grant_too_because_the_server_does_not_imply_it() -> None:
    rows = access.to_rows({"write": {"groups": ["a"]}}, directory())
    assert {(row["principal_id"], row["permission"]) for row in rows} == {("g-a", "read"), ("g-a", "write")}


def test_the_grant_of_a_user_or_group_that_no_longer_exists_means_nothing() -> None:
    rows = [{"principal_type": kind, "principal_id": "gone", "permission": "read"} for kind in ("user", "group")]
    assert access.from_rows(rows, directory()) == "private"


def test_where_users_were_not_read_ids_stand_for_names() -> None:
    row = {"principal_type": "user", "principal_id": "some", "permission": "read"}
    assert access.from_rows([row], IdIndex()) == {"read": {"users": ["id:some"]}}


def test_all_names_of_a_value_are_its_references() -> None:
    value = {"read": {"groups": ["a"]}, "write": {"users": ["B"]}}
    assert access.refers(value) == [("group", "a"), ("user", "b")]
    assert access.refers("public") == []


@given(ACCESS)
def test_access_survives_the_form_of_old_servers_unless_they_cannot_keep_it(value: Any) -> None:
    names = directory()

    async def answered() -> Any:
        part = await access.part(server("0.7.2"), access.to_rows(value, names))
        assert set(part) == {"access_control"}
        return access.of_row(part, names)

    if access.since(value) is None:
        assert asyncio.run(answered()) == access.normal(value)
    else:
        with pytest.raises(access.NotShareable, match="before Open WebUI 0"):
            asyncio.run(answered())


@pytest.mark.parametrize(
    ("control", "value"),
    [
        (None, "public"),
        ({}, "private"),
        ({"read": {"group_ids": []}}, "private"),
        ({"read": None, "write": {"user_ids": ["u-a"]}}, {"write_only": {"users": ["a"]}}),
        ({"read": {"group_ids": ["g-b"], "user_ids": ["gone"]}}, {"read": {"groups": ["b"]}}),
    ],
)
def test_the_form_of_old_servers_is_read(control: Any, value: Any) -> None:
    assert access.of_row({"access_control": control}, directory()) == value


def test_public_and_private_have_their_own_spelling_on_old_servers() -> None:
    def control(value: Any) -> Any:
        return asyncio.run(access.part(server("0.6.43"), access.to_rows(value, directory())))["access_control"]

    assert (control("public"), control("private")) == (None, {})


def test_newer_servers_get_grants_as_they_are() -> None:
    rows = access.to_rows({"read": "everyone", "write": {"groups": ["a"]}}, directory())
    assert asyncio.run(access.part(server("0.8.0"), rows)) == {"access_grants": rows}


def test_only_an_answer_with_other_grants_is_set_right() -> None:
    sent: list[list[Row]] = []

    async def set_access(rows: list[Row]) -> Row:
        sent.append(rows)
        return {"access_grants": rows}

    rows = access.to_rows({"read": {"groups": ["a", "b"]}}, directory())
    kept = {"access_grants": [{**row, "id": "new"} for row in reversed(rows)]}
    assert asyncio.run(access.settle(kept, rows, set_access)) is kept
    assert asyncio.run(access.settle({"access_grants": []}, rows, set_access)) == {"access_grants": rows}
    assert sent == [rows]


@pytest.mark.parametrize("value", [{"read": "everyone", "write": {"users": ["a"]}}, {"write": "everyone"}])
def test_what_old_servers_cannot_keep_names_the_version_that_can(value: Any) -> None:
    assert access.since(value) == "0.8.0"
    assert access.since("public") is access.since({"write": {"users": ["a"]}}) is None
