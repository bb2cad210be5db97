from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from owui_sync.client.api import models
from owui_sync.client.connect import Server
from owui_sync.client.errors import Conflict, NotFound
from owui_sync.client.versions import Version
from owui_sync.client.writer import Writer
from tests.support.asking import asking, counting
from tests.support.fake import Fake, ok

EVERYBODY = {"principal_type": "user", "principal_id": "*", "permission": "read"}
FIELDS = {
    "id", "name", "base_model_id", "params", "meta", "access_grants", "is_active", "version_id", "user_id",
    "created_at", "updated_at",
}  # fmt: skip


def test_life_of_a_model_one_request_a_step(server: Server, unique: str) -> None:
    async def live(writer: Writer) -> None:
        body = {
            "id": f"{unique}/a b".replace(" ", "-"),
            "name": "N",
            "base_model_id": "base",
            "meta": {"description": "d"},
            "params": {"temperature": 0.2},
            "is_active": True,
            "access_grants": [EVERYBODY],
        }
        made: Any = await models.create(writer, body)
        assert (made["params"], made["meta"]["description"], len(made["access_grants"])) == (
            {"temperature": 0.2},
            "d",
            1,
        )
        changed = await models.update(writer, body | {"name": "M", "params": {}})
        assert (changed["name"], changed["params"]) == ("M", {})
        shared = await models.set_access(writer, made["id"], "M", [])
        assert shared["access_grants"] == []
        hidden = await models.toggle(writer, made["id"])
        assert hidden["is_active"] is False
        row = next(row for row in await models.list_all(writer) if row["id"] == made["id"])
        assert row == hidden
        assert await models.get(writer, made["id"]) == hidden | {"write_access": True, "user": None}
        assert set(made) == set(changed) == set(shared) == set(hidden) == FIELDS
        await models.delete(writer, made["id"])

    assert counting(server, live)[1] == 7


def test_lists_take_one_request_each(server: Server) -> None:
    assert counting(server, models.list_all)[1] == 1
    rows, requests = counting(server, models.provider_models)
    assert all("id" in row for row in rows)
    assert requests == 1


def test_id_that_is_taken_is_a_conflict(server: Server, unique: str) -> None:
    async def twice(writer: Writer) -> None:
        body = {"id": unique, "name": "N", "meta": {}, "params": {}}
        await models.create(writer, body)
        try:
            await models.create(writer, body)
        finally:
            await models.delete(writer, unique)

    with pytest.raises(Conflict, match="already registered"):
        asking(server, twice)


def test_model_that_does_not_exist_is_not_found(server: Server, unique: str) -> None:
    for write in (
        lambda writer: models.get(writer, unique),
        lambda writer: models.update(writer, {"id": unique, "name": "a", "meta": {}, "params": {}}),
        lambda writer: models.toggle(writer, unique),
        lambda writer: models.delete(writer, unique),
    ):
        with pytest.raises(NotFound):
            asking(server, write)


@pytest.mark.parametrize("meta", [{"description": "d"}, {"description": "d", "capabilities": None}])
@pytest.mark.parametrize(("version", "sent"), [("0.7.2", {}), ("0.8.0", None)])
def test_a_new_model_answers_also_where_null_capabilities_break_every_chat_and_one_that_is_there_stays(
    meta: dict[str, Any], version: str, sent: dict[str, Any] | None
) -> None:
    fake = Fake(ok({"id": "m", "name": "M"}))
    writer = Writer(fake.transport())
    writer.version = Version.parse(version)
    asyncio.run(models.create(writer, {"id": "m", "name": "M", "meta": meta}))
    found = json.loads(fake.seen[-1].content)["meta"]
    assert (found["description"], found.get("capabilities")) == ("d", sent)
    asyncio.run(models.update(writer, {"id": "m", "name": "M", "meta": meta}))
    assert json.loads(fake.seen[-1].content)["meta"] == meta


def test_capabilities_that_are_written_are_sent_as_they_are() -> None:
    fake = Fake(ok({"id": "m", "name": "M"}))
    writer = Writer(fake.transport())
    writer.version = Version.parse("0.7.2")
    asyncio.run(models.create(writer, {"id": "m", "name": "M", "meta": {"capabilities": {"vision": False}}}))
    assert json.loads(fake.seen[-1].content)["meta"] == {"capabilities": {"vision": False}}
