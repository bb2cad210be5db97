from __future__ import annotations

import asyncio
from typing import Any

import pytest

from owui_sync.client.api import users
from owui_sync.client.capabilities import Feature
from owui_sync.client.connect import Server
from owui_sync.client.errors import Conflict, Forbidden, MissingRoute, NotFound, ServerError
from owui_sync.client.shapes import Row
from owui_sync.client.versions import Version
from owui_sync.client.writer import Writer
from owui_sync.sandbox import Sandbox
from tests.support.asking import asking, counting
from tests.support.fake import Fake, says


def account(name: str, **more: str) -> Row:
    return {"name": name, "email": f"{name}@Example.com", "password": "correct horse", "role": "user", **more}


def test_life_of_an_account_one_request_a_step(server: Server, unique: str) -> None:
    async def live(writer: Writer) -> None:
        made = await users.create(writer, account(unique))
        assert made == {"id": made["id"], "email": f"{unique}@example.com", "name": unique, "role": "user"}
        row = await users.get(writer, made["id"])
        assert (row["email"], row["profile_image_url"]) == (made["email"], "/user.png")
        image = "data:image/png;base64,iVBORw0KGgo="
        body = {"role": "pending", "name": "New", "email": f"new-{unique}@Example.com", "profile_image_url": image}
        changed: Any = await users.update(writer, made["id"], body)
        assert {name: changed[name] for name in body} == body | {"email": f"new-{unique}@example.com"}
        for _ in range(2):
            await users.delete(writer, made["id"])
        with pytest.raises(NotFound):
            await users.get(writer, made["id"])

    assert counting(server, live)[1] == 6


def test_address_that_is_taken_is_a_conflict(server: Server, unique: str) -> None:
    async def twice(writer: Writer) -> None:
        made = await users.create(writer, account(unique))
        try:
            await users.create(writer, account(unique, email=f"{unique.upper()}@example.com"))
        finally:
            await users.delete(writer, made["id"])

    with pytest.raises(Conflict, match="already registered"):
        asking(server, twice)


def test_primary_administrator_is_protected_and_the_refusal_says_who_that_is(
    server: Server, open_webui: Sandbox
) -> None:
    async def demote(writer: Writer) -> None:
        me = await users.get(writer, (await users.session(writer))["id"])
        await users.update(writer, me["id"], {**me, "role": "user"})

    async def delete(writer: Writer) -> None:
        await users.delete(writer, (await users.session(writer))["id"])

    for forbidden in (demote, delete):
        with pytest.raises(Forbidden, match=r"security measure|primary admin") as refused:
            asking(server, forbidden)
        assert "primary administrator" in str(refused.value.hint)
    assert asking(server, users.session)["role"] == "admin"


def test_other_failures_of_the_server_stay_what_they_are() -> None:
    async def main() -> None:
        async with Fake(says(500, "Oops!")).transport() as transport:
            await users.delete(Writer(transport), "u1")

    with pytest.raises(ServerError, match="Oops"):
        asyncio.run(main())


def test_user_that_does_not_exist_is_not_found(server: Server, unique: str) -> None:
    body = account(unique) | {"profile_image_url": ""}
    with pytest.raises(NotFound):
        asking(server, lambda writer: users.update(writer, unique, body))


def test_default_permissions_are_read_and_written_in_one_request_each(server: Server) -> None:
    now, requests = counting(server, users.default_permissions)
    assert requests == 1
    assert all(isinstance(allowed, bool) for some in now.values() for allowed in some.values())
    assert counting(server, lambda writer: users.set_default_permissions(writer, now)) == (now, 1)


def test_server_tells_what_it_starts_with_since_0_10(server: Server, open_webui: Sandbox) -> None:
    if Version.parse(open_webui.version) < Feature.PERMISSION_DEFAULTS.since:
        with pytest.raises((MissingRoute, NotFound)):
            asking(server, users.initial_permissions)
        return
    now, first = asking(server, users.default_permissions), asking(server, users.initial_permissions)
    assert {section: set(some) for section, some in first.items()} == {key: set(some) for key, some in now.items()}
