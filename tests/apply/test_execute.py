from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from owui_sync.apply.execute import WriteNotPersisted, execute, write_for
from owui_sync.client.api import prompts
from owui_sync.client.errors import Conflict
from owui_sync.client.writer import Writer
from owui_sync.kinds import KINDS
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.manifest.desired import Entry
from owui_sync.plan.difference import new_fields
from owui_sync.plan.types import Action, Cause, Change
from owui_sync.values import Secret
from tests.support.build import HERE, entry
from tests.support.engine import Engine
from tests.support.proxy import Answer, proxied


async def run(
    change: Change, live: ObservedResource | None, writer: Writer, names: IdIndex | None = None
) -> ObservedResource | None:
    return await execute(change, live, writer, write_for(change, names or IdIndex()))


def change(action: Action, one: Entry, id: str | None = None) -> Change:
    return Change(action, one.kind, one.key, id, HERE, new_fields(one, Cause.MANIFEST), "")


async def there(writer: Writer, key: str) -> list[prompts.PromptRow]:
    return [row for row in await prompts.list_all(writer) if row["command"] == key]


async def made(writer: Writer, key: str) -> ObservedResource:
    row = await prompts.create(writer, {"command": key, "name": "n", "content": "old"})
    return KINDS["prompt"].live(row, IdIndex())


@pytest.fixture
def key(engine: Engine) -> str:
    return f"p-{engine.stack}"


def test_a_creation_gives_the_object_and_makes_the_name_known(engine: Engine, key: str) -> None:
    async def work(writer: Writer) -> None:
        names = IdIndex()
        after = await run(change(Action.CREATE, entry(f"prompt/{key}", content="x")), None, writer, names)
        (row,) = await there(writer, key)
        assert after is not None
        assert after.id == row["id"] == names.id("prompt", key)
        assert after.values["content"] == row["content"]
        await prompts.delete(writer, row["id"])

    engine.run(work)


def test_only_the_changed_fields_of_an_update_are_written(engine: Engine, key: str) -> None:
    async def work(writer: Writer) -> None:
        live = await made(writer, key)
        await run(change(Action.UPDATE, entry(f"prompt/{key}", content="new"), live.id), live, writer)
        (row,) = await there(writer, key)
        assert (row["content"], row["name"]) == ("new", "n")
        await prompts.delete(writer, live.id)

    engine.run(work)


def test_what_is_adopted_as_it_is_costs_no_request(engine: Engine, key: str) -> None:
    async def work(writer: Writer) -> None:
        live = await made(writer, key)
        before = writer.requests
        adopt = change(Action.ADOPT, entry(f"prompt/{key}"), live.id)
        assert await run(adopt, live, writer) is live
        assert writer.requests == before
        await prompts.delete(writer, live.id)

    engine.run(work)


def test_a_replaced_object_is_another_one_with_the_same_key(engine: Engine, key: str) -> None:
    async def work(writer: Writer) -> None:
        live = await made(writer, key)
        one = change(Action.REPLACE, entry(f"prompt/{key}", content="new"), live.id)
        after = await run(one, live, writer)
        (row,) = await there(writer, key)
        assert after is not None
        assert (row["id"], row["content"]) == (after.id, "new")
        assert after.id != live.id
        await prompts.delete(writer, row["id"])

    engine.run(work)


def test_what_is_gone_already_is_deleted(engine: Engine, key: str) -> None:
    async def work(writer: Writer) -> None:
        live = await made(writer, key)
        delete = Change(Action.DELETE, "prompt", key, live.id, None, (), "")
        assert await run(delete, live, writer) is None
        assert await there(writer, key) == []
        assert await run(delete, live, writer) is None

    engine.run(work)


def test_a_key_that_somebody_took_meanwhile_is_a_failure_and_theirs_stays(engine: Engine, key: str) -> None:
    async def work(writer: Writer) -> None:
        live = await made(writer, key)
        with pytest.raises(Conflict):
            await run(change(Action.CREATE, entry(f"prompt/{key}", content="x")), None, writer)
        assert [row["content"] for row in await there(writer, key)] == ["old"]
        await prompts.delete(writer, live.id)

    engine.run(work)


def test_a_creation_that_did_not_arrive_is_sent_again(engine: Engine, key: str) -> None:
    tries: list[str] = []

    def rule(method: str, path: str) -> Answer | None:
        if path != "/api/v1/prompts/create":
            return None
        tries.append(path)
        return Answer(200, cut=True) if len(tries) == 1 else None

    async def work(writer: Writer) -> None:
        await run(change(Action.CREATE, entry(f"prompt/{key}", content="x")), None, writer)
        (row,) = await there(writer, key)
        await prompts.delete(writer, row["id"])

    with proxied(engine.sandbox) as (sandbox, proxy):
        proxy.rule = rule
        replace(engine, sandbox=sandbox).run(work)
    assert len(tries) == 2


def test_what_the_server_does_not_keep_is_told_by_path(engine: Engine, key: str) -> None:
    async def work(writer: Writer) -> None:
        wanted = entry(f"model/{key}", base="gpt-4.1", description="x", image="javascript:alert(1)")
        with pytest.raises(WriteNotPersisted, match="did not keep `image` as written"):
            await run(change(Action.CREATE, wanted), None, writer)
        await writer.delete("/api/v1/models/model/delete", {"id": key})

    engine.run(work)


def test_a_secret_is_sent_and_checked_by_its_text(engine: Engine, key: str) -> None:
    async def work(writer: Writer) -> None:
        wanted = entry(f"prompt/{key}", content=Secret("s3cret", {"$secret": "X"}))
        await run(change(Action.CREATE, wanted), None, writer)
        (row,) = await there(writer, key)
        assert row["content"] == "s3cret"
        await prompts.delete(writer, row["id"])

    engine.run(work)


@pytest.mark.parametrize("section", ["models", "groups"])
def test_what_was_made_by_a_change_that_failed_is_ours(engine: Engine, section: str) -> None:
    name = f"x-{engine.stack}"
    entries: dict[str, dict[str, Any]] = {
        "models": {"base": "gpt-4.1"},
        "groups": {"members": [engine.sandbox.admin_email]},
    }
    with proxied(engine.sandbox) as (sandbox, proxy):
        proxy.rule = _halfway
        outcome = replace(engine, sandbox=sandbox).apply({section: {name: entries[section]}})
    assert not outcome.complete
    assert asyncio.run(_all_names(engine, section)).count(name) == 1
    engine.apply({})
    listed = asyncio.run(_all_names(engine, section))
    assert name not in listed


def _halfway(method: str, path: str) -> Answer | None:
    """The server makes a model and says that it did not; it makes a group and refuses its members."""
    if path.endswith("/models/create"):
        return Answer(500, after=True)
    return Answer(400) if path.endswith("/users/add") else None


async def _all_names(engine: Engine, section: str) -> list[str]:
    path = {"models": "/api/v1/models/all", "groups": "/api/v1/groups/"}[section]
    async with engine.connect() as writer:
        return [row["name"] for row in await writer.get(path)]
