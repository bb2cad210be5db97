from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from owui_sync.client.errors import PartialList
from owui_sync.client.transport import Transport
from owui_sync.client.versions import Version
from owui_sync.client.writer import Writer
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.user import User
from owui_sync.kinds.write import WriteRequest
from owui_sync.manifest.schema.build import entry_schema
from owui_sync.plan.difference import differences, new_fields, record_of
from owui_sync.plan.types import Cause
from owui_sync.values import Secret
from tests.support.build import SALT, entry, live

ROW: Any = {
    "id": "u1",
    "email": "Bob@Example.com",
    "name": "Bob",
    "role": "user",
    "profile_image_url": "data:image/png,x",
}
URL = "https://chat.test"


def talk(version: str, ask: Any, **answers: Any) -> tuple[Any, list[tuple[str, str, Any]]]:
    """What `ask` returns, and method, path and body of the requests; `answers` by the last word of their path."""
    seen: list[tuple[str, str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else None
        seen.append((request.method, request.url.path, body))
        last = request.url.path.rstrip("/").rpartition("/")[2]
        given = answers[last]
        return httpx.Response(200, json=given(body) if callable(given) else given)

    async def main() -> Any:
        async with Transport(URL, "sk-0123456789abcdef", http=httpx.MockTransport(answer)) as transport:
            writer = Writer(transport)
            writer.version = Version.parse(version)
            return await ask(writer)

    return asyncio.run(main()), seen


def there() -> ObservedResource:
    return User().live(ROW, IdIndex())


def write(**values: Any) -> WriteRequest:
    return WriteRequest("bob@example.com", values, IdIndex(), "")


@pytest.mark.parametrize(
    "wrong", [{"role": "banana"}, {"role": "Admin"}, {"password": ""}, {"password": "x" * 73}, {"name": ""}, {"e": 1}]
)
def test_what_the_server_would_accept_without_a_word_is_refused(wrong: dict[str, Any]) -> None:
    assert not Draft202012Validator(entry_schema(User())).is_valid(wrong)


@pytest.mark.parametrize("key", ["bob", "bob@", "@example.com", "bob @example.com", "a@b@c"])
def test_a_key_that_is_no_address_is_refused(key: str) -> None:
    assert not Draft202012Validator(User.key).is_valid(key)


def test_addresses_are_the_same_in_upper_and_lower_case() -> None:
    assert User().normal_key("Bob@Example.com") == "bob@example.com"
    assert User().identity(ROW) == ("bob@example.com", "u1")


def test_a_name_that_is_not_written_is_the_address_and_the_role_pending() -> None:
    assert (User().default("name", "a@b.c"), User().default("role", "a@b.c")) == ("a@b.c", "pending")


@pytest.mark.parametrize(("password", "fits"), [("ä" * 36, True), ("ä" * 37, False), ("x" * 72, True)])
def test_bytes_of_a_new_password_are_counted(password: str, fits: bool) -> None:
    found = list(User().problems("a@b.c", {"password": Secret(password, {})}, None, IdIndex()))
    assert (found == []) is fits
    assert password not in str(found)


def test_the_password_of_an_account_that_exists_is_not_looked_at() -> None:
    assert list(User().problems("a@b.c", {"password": Secret("ä" * 99, {})}, there(), IdIndex())) == []


def test_a_password_is_no_change_of_an_account_that_exists() -> None:
    one = entry("user/bob@example.com", name="Bob", password=Secret("new", {}))
    assert differences(one.values, live("user/bob@example.com", name="Bob"), None, SALT) == ()


def test_the_inventory_remembers_nothing_of_a_password() -> None:
    one = entry("user/bob@example.com", name="Bob", password=Secret("new", {}))
    assert set(record_of(one, "u1", None, SALT).fields) == {"name"}


def test_a_password_in_clear_is_hidden_all_the_same() -> None:
    [change] = new_fields(entry("user/bob@example.com", password="new"), Cause.MANIFEST)
    assert change.secret


def test_users_and_their_groups_come_with_one_read() -> None:
    names = IdIndex()
    page = {"users": [ROW | {"group_ids": ["g1", "g2"]}, ROW | {"id": "u2", "group_ids": ["g1"]}], "total": 2}
    rows, seen = talk(
        "0.12.4", lambda writer: User().observe(writer, frozenset({"user", "membership"}), names), users=page
    )
    assert [row["id"] for row in rows] == ["u1", "u2"]
    assert names.members == {"g1": ["u1", "u2"], "g2": ["u1"]}
    assert [path for _, path, _ in seen] == ["/api/v1/users/"]


@pytest.mark.parametrize(("number", "requests"), [(30, 1), (99, 2)])
def test_users_without_their_groups_take_one_request_or_two_for_more_than_a_page(number: int, requests: int) -> None:
    names, rows = IdIndex(), [ROW | {"id": str(id)} for id in range(number)]
    rows, seen = talk(
        "0.12.4",
        lambda writer: User().observe(writer, frozenset({"user"}), names),
        all={"users": rows, "total": number},
        users={"users": [row | {"created_at": 1} for row in rows[:30]], "total": number},
    )
    assert (names.members, len(seen), len(rows)) == (None, requests, number)
    assert sum("created_at" in row for row in rows) == 30


@pytest.mark.parametrize("want", [{"user"}, {"user", "membership"}])
def test_a_list_of_users_that_is_not_whole_is_an_error(want: set[str]) -> None:
    short = {"users": [ROW], "total": 2}
    with pytest.raises(PartialList):
        talk(
            "0.12.4",
            lambda writer: User().observe(writer, frozenset(want), IdIndex()),
            all=short,
            users=short,
        )


def test_an_update_never_sends_a_password() -> None:
    _, seen = talk(
        "0.12.4", lambda writer: User().update(writer, there(), write(role="admin", password="x")), update=ROW
    )
    assert seen == [("POST", "/api/v1/users/u1/update", {"role": "admin"})]


def test_old_servers_get_back_what_does_not_change() -> None:
    now = ROW | {"name": "Robert", "email": "bob@example.com"}
    _, seen = talk("0.8.12", lambda writer: User().update(writer, there(), write(role="admin")), u1=now, update=ROW)
    body = {"role": "admin", "name": "Robert", "email": "bob@example.com", "profile_image_url": "data:image/png,x"}
    assert seen[1:] == [("POST", "/api/v1/users/u1/update", body)]


def test_another_key_is_another_address_of_the_same_account() -> None:
    moved = WriteRequest("new@example.com", {}, IdIndex(), "")
    after, seen = talk("0.12.4", lambda writer: User().update(writer, there(), moved), update=lambda body: ROW | body)
    assert seen == [("POST", "/api/v1/users/u1/update", {"email": "new@example.com"})]
    assert (after.key, after.id) == ("new@example.com", "u1")


def test_a_new_account_gets_what_is_written_and_its_token_is_dropped() -> None:
    after, seen = talk(
        "0.12.4",
        lambda writer: User().create(writer, write(password="x")),
        add=lambda body: {**body, "id": "u9", "token": "jwt"},
    )
    body = {"email": "bob@example.com", "name": "bob@example.com", "role": "pending", "password": "x"}
    assert seen == [("POST", "/api/v1/auths/add", body)]
    assert (after.id, after.values) == ("u9", {"name": "bob@example.com", "role": "pending"})
    assert "jwt" not in str(after)
