from __future__ import annotations

import pytest

from owui_sync.client.api import groups, users
from owui_sync.client.connect import Server
from owui_sync.client.errors import NotFound
from owui_sync.client.writer import Writer
from tests.support.asking import asking, counting

FIELDS = {
    "id", "name", "description", "permissions", "data", "meta", "parent_group_id", "user_id", "member_count",
    "created_at", "updated_at",
}  # fmt: skip


def test_life_of_a_group_one_request_a_step(server: Server, plain: Server, unique: str) -> None:
    member = asking(plain, users.session)["id"]

    async def live(writer: Writer) -> None:
        made = await groups.create(writer, {"name": unique, "description": "d"})
        assert (made["name"], made["permissions"], made["member_count"]) == (unique, None, 0)
        changed = await groups.update(
            writer, made["id"], {"name": unique, "description": "e", "permissions": {"chat": {"edit": True}}}
        )
        assert (changed["description"], changed["permissions"]) == ("e", {"chat": {"edit": True}})
        for _ in range(2):
            assert (await groups.add_members(writer, made["id"], [member, "nobody"]))["member_count"] == 1
        assert [row["id"] for row in await groups.members(writer, made["id"])] == [member]
        row = next(row for row in await groups.list_all(writer) if row["id"] == made["id"])
        assert set(row) == set(made) == set(changed) == FIELDS
        assert (await groups.remove_members(writer, made["id"], [member]))["member_count"] == 0
        await groups.delete(writer, made["id"])

    assert counting(server, live)[1] == 8


def test_list_takes_one_request(server: Server) -> None:
    assert counting(server, groups.list_all)[1] == 1


def test_same_name_twice_makes_two_groups(server: Server, unique: str) -> None:
    async def twice(writer: Writer) -> set[str]:
        rows = [await groups.create(writer, {"name": unique, "description": ""}) for _ in range(2)]
        for row in rows:
            await groups.delete(writer, row["id"])
        return {row["id"] for row in rows}

    assert len(asking(server, twice)) == 2


def test_group_that_does_not_exist_has_no_members_and_cannot_be_written(server: Server) -> None:
    assert asking(server, lambda writer: groups.members(writer, "none")) == []
    for write in (
        lambda writer: groups.update(writer, "none", {"name": "a", "description": ""}),
        lambda writer: groups.add_members(writer, "none", []),
        lambda writer: groups.delete(writer, "none"),
    ):
        with pytest.raises(NotFound):
            asking(server, write)
