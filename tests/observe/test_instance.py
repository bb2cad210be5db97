"""Which installation a server is, and whose token is used."""

from __future__ import annotations

import asyncio

from owui_sync.client.reader import Reader, ReadOnly
from owui_sync.observe.instance import account_of, instance_of, salt_for
from tests.support.engine import Engine
from tests.support.fake import Fake, ok, says

FIRST, SECOND = {"id": "b", "created_at": 10}, {"id": "a", "created_at": 11}


def test_an_instance_is_known_by_its_oldest_account_alone() -> None:
    one = instance_of([SECOND, FIRST])
    assert one.startswith("sha256:")
    assert one == instance_of([FIRST, {"id": "c"}]) == instance_of([FIRST | {"name": "renamed", "role": "user"}])
    assert one != instance_of([SECOND])
    assert one != instance_of([FIRST | {"created_at": 9}])


def test_where_no_account_says_when_it_was_made_the_instance_is_not_known() -> None:
    assert instance_of([{"id": "a"}]) == ""


def test_the_first_inventory_of_a_stack_has_a_salt_that_every_run_finds_and_no_plan_tells() -> None:
    salt = salt_for("team", [SECOND, FIRST])
    assert salt
    assert len(bytes.fromhex(salt)) == 16
    assert salt == salt_for("team", [FIRST])
    assert len({salt, salt_for("other", [FIRST]), salt_for("team", [SECOND]), instance_of([FIRST])[7:39]}) == 4
    assert salt_for("team", [{"id": "a"}]) is None


def test_the_account_is_the_one_of_the_token(engine: Engine) -> None:
    users = engine.run(lambda writer: writer.get("/api/v1/users/all"))["users"]
    (own,) = (row for row in users if row["email"] == engine.sandbox.admin_email)
    assert engine.run(account_of) == own["id"]


def test_an_account_that_the_server_does_not_tell_is_not_known() -> None:
    async def ask(fake: Fake) -> str | None:
        return await account_of(Reader(ReadOnly(fake.transport())))

    assert asyncio.run(ask(Fake(ok({"id": "a", "email": "a@x", "name": "A", "role": "admin"})))) == "a"
    assert asyncio.run(ask(Fake(says(403, "no"), says(403, "no")))) is None
