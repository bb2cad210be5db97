from __future__ import annotations

import asyncio
import math

import pytest

from owui_sync.client.api import users
from owui_sync.client.connect import Server
from owui_sync.client.errors import Forbidden, PartialList
from owui_sync.client.reader import Reader, ReadOnly
from owui_sync.sandbox import Sandbox
from tests.support.asking import asking, counting
from tests.support.fake import Answer, Fake, ok, says


def session(*answers: Answer) -> tuple[users.UserRow, list[str]]:
    fake = Fake(*answers)

    async def main() -> users.UserRow:
        async with fake.transport() as transport:
            return await users.session(Reader(ReadOnly(transport)))

    return asyncio.run(main()), [request.url.path for request in fake.seen]


def test_list_of_all_takes_one_request(server: Server, open_webui: Sandbox) -> None:
    rows, requests = counting(server, users.list_all)
    assert open_webui.admin_email in [row["email"] for row in rows]
    assert requests == 1


def test_list_that_is_shorter_than_its_total_is_refused() -> None:
    async def main() -> None:
        async with Fake(ok({"users": [], "total": 1})).transport() as transport:
            await users.list_all(Reader(ReadOnly(transport)))

    with pytest.raises(PartialList):
        asyncio.run(main())


def test_pages_have_the_groups_of_each_user_and_take_one_request_for_30(server: Server, plain: Server) -> None:
    rows, requests = counting(server, users.pages)
    assert len(rows) >= 2
    assert all(isinstance(row["group_ids"], list) for row in rows)
    assert requests == math.ceil(len(rows) / 30)


def test_lists_are_for_administrators(plain: Server) -> None:
    for read in (users.list_all, users.pages):
        with pytest.raises(Forbidden):
            asking(plain, read)


def test_api_key_learns_whose_it_is_in_one_request(server: Server, open_webui: Sandbox) -> None:
    row, requests = counting(server, users.session)
    assert (row["email"], row["role"]) == (open_webui.admin_email, "admin")
    assert set(row) == {"id", "email", "name", "role"}
    assert requests == 1


def test_jwt_of_an_ordinary_user_learns_whose_it_is(plain: Server) -> None:
    assert asking(plain, users.session)["role"] == "user"


def test_switched_off_user_status_leads_to_the_session_whose_token_is_dropped() -> None:
    user = {"id": "1", "email": "a@b", "name": "A", "role": "user"}
    row, paths = session(says(403, "The requested action has been restricted."), ok(user | {"token": "secret"}))
    assert row == user
    assert paths == ["/api/v1/users/user/status", "/api/v1/auths/"]


def test_user_who_is_not_let_in_yet_is_forbidden_at_once() -> None:
    with pytest.raises(Forbidden):
        session(says(401, "You do not have permission to access this resource."), ok({}))
