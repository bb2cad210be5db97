from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from owui_sync.apply.inventory import save
from owui_sync.client.api import files, groups
from owui_sync.client.connect import connect_read_only
from owui_sync.client.errors import ClientError
from owui_sync.client.writer import Writer
from owui_sync.observe import observe
from owui_sync.observe.inventory import list_files
from owui_sync.plan.inventory import Inventory
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import InventoryEntry
from tests.support.engine import Engine, engine_for
from tests.support.proxy import Answer, Proxy, proxied

ALL = frozenset({"group", "prompt", "model", "user", "membership", "provider", "knowledge", "tool", "function"})


def look(engine: Engine, want: frozenset[str] = ALL, claimed: Callable[[str], bool] = lambda _: False) -> Snapshot:
    async def read() -> Snapshot:
        async with connect_read_only(engine.server) as reader:
            return await observe(reader, engine.stack, want, claimed)

    return asyncio.run(read())


@pytest.fixture
def watched(engine: Engine) -> Iterator[tuple[Engine, Proxy]]:
    with proxied(engine.sandbox) as (sandbox, proxy):
        yield replace(engine, sandbox=sandbox), proxy


def test_nothing_is_written_and_only_what_is_wanted_is_read(watched: tuple[Engine, Proxy]) -> None:
    engine, proxy = watched
    look(engine, frozenset({"prompt"}))
    assert proxy.writes == []
    assert not [path for _, path in proxy.seen if "/models" in path or "/groups" in path]
    assert [path for _, path in proxy.seen if "/prompts/" in path]


def test_the_list_that_only_administrators_may_read_is_always_read(watched: tuple[Engine, Proxy]) -> None:
    engine, proxy = watched
    look(engine, frozenset())
    assert [path for _, path in proxy.seen if path.startswith("/api/v1/users/")]


def test_what_the_inventory_knows_is_read_even_if_nothing_names_it(engine: Engine) -> None:
    engine.apply({"prompts": {f"p-{engine.stack}": {"content": "x"}}})
    snapshot = look(engine, frozenset())
    assert f"prompt/p-{engine.stack}" in snapshot.objects
    assert "prompt" in snapshot.want


@pytest.mark.parametrize(
    "path",
    ["/api/v1/groups/", "/api/v1/models/all", "/api/models/base", "/api/v1/tools/export", "/api/v1/files/search"],
)
def test_one_list_that_cannot_be_read_is_no_snapshot(watched: tuple[Engine, Proxy], path: str) -> None:
    engine, proxy = watched
    proxy.rule = lambda method, seen: Answer(400) if seen.split("?")[0] == path else None
    with pytest.raises(ClientError, match=path):
        look(engine)


def test_of_two_groups_with_one_name_the_inventory_says_which_is_meant(engine: Engine) -> None:
    name = f"twin-{engine.stack}"

    async def twins(writer: Writer) -> list[str]:
        return [(await groups.create(writer, {"name": name, "description": ""}))["id"] for _ in range(2)]

    ids = engine.run(twins)
    assert set(look(engine).names.ids("group", name)) == set(ids)
    engine.run(lambda writer: save(writer, Inventory(engine.stack), {f"group/{name}": InventoryEntry(ids[1])}))
    snapshot = look(engine)
    assert snapshot.names.id("group", name) == ids[1]
    assert {live.id for live in snapshot.objects[f"group/{name}"]} == set(ids)
    engine.run(lambda writer: groups.delete(writer, ids[0]))


def test_other_stacks_are_read_only_when_they_may_own_what_is_wanted(engine: Engine, tmp_path: Path) -> None:
    other = engine_for(engine.sandbox, tmp_path / "other", "other")
    address = f"prompt/p-{engine.stack}"
    other.apply({"prompts": {f"p-{engine.stack}": {"content": "x"}}})
    assert look(engine).others == {}
    assert other.stack in look(engine, claimed=lambda one: one == address).others
    assert look(other, claimed=lambda one: one == address).others == {}
    other.apply({})


def test_members_are_known_by_their_names(engine: Engine) -> None:
    name = f"g-{engine.stack}"
    engine.apply({"groups": {name: {"members": [engine.sandbox.admin_email]}}})
    (live,) = look(engine).objects[f"group/{name}"]
    assert live.values["members"] == [engine.sandbox.admin_email]


def test_the_inventory_of_somebody_without_rights_is_not_believed(engine: Engine) -> None:
    account = {"name": "P", "email": f"{engine.stack}@example.com", "password": "plain-password", "role": "user"}

    async def sign_up(writer: Writer) -> tuple[str, str]:
        row = await writer.create("/api/v1/auths/add", account)
        return row["token"], row["id"]

    token, user = engine.run(sign_up)
    forged = Inventory(engine.stack, 999, records={"prompt/victim": InventoryEntry("1")})
    httpx.post(
        f"{engine.sandbox.url}/api/v1/files/",
        params={"process": False},
        files={"file": (f"owui-sync.{engine.stack}.inventory.json", forged.to_json())},
        headers={"Authorization": f"Bearer {token}"},
    ).raise_for_status()
    snapshot = look(engine)

    async def clear(writer: Writer) -> None:
        for row in await list_files(writer):
            if row["user_id"] == user:
                await files.delete(writer, row["id"])
        await writer.delete(f"/api/v1/users/{user}")

    engine.run(clear)
    assert snapshot.inventory.records == {}
    (warning,) = [warning for warning in snapshot.warnings if repr(engine.stack) in warning]
    assert "is no administrator: it is ignored" in warning
    assert user in warning
