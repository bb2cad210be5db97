from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from owui_sync import __version__
from owui_sync.apply.context import RunContext
from owui_sync.apply.outcome import Started, Status
from owui_sync.client.connect import connect_read_only
from owui_sync.client.writer import Writer
from owui_sync.errors import ManifestError, StalePlan, UnsafePlan
from owui_sync.observe.inventory import read_inventory, read_stacks
from owui_sync.pipeline import apply_plan, check_plan, make_plan
from owui_sync.plan.inventory import Inventory
from owui_sync.plan.options import Options
from owui_sync.plan.safety import Threshold
from owui_sync.plan.types import Action
from tests.support.engine import Engine, carry_out, engine_for
from tests.support.proxy import Answer, proxied


def prompts(engine: Engine, *names: str, content: str = "x") -> dict[str, dict[str, dict[str, str]]]:
    return {"prompts": {f"{name}-{engine.stack}": {"content": content} for name in names}}


async def inventory(writer: Writer, engine: Engine) -> Inventory:
    return (await read_inventory(writer, engine.stack, (await read_stacks(writer))[0].get(engine.stack, [])))[0]


def test_a_plan_says_who_made_it_and_what_it_cost(engine: Engine) -> None:
    plan = engine.plan(prompts(engine, "a"))
    assert (plan.tool, plan.stack, plan.server.url) == (__version__, engine.stack, engine.sandbox.url)
    assert plan.created_at.endswith("+00:00")
    assert plan.requests > 0


def test_planning_needs_no_writer(engine: Engine) -> None:
    async def work() -> None:
        async with connect_read_only(engine.server) as reader:
            plan, snapshot = await make_plan(engine.desired(prompts(engine, "a")), reader, engine.options)
            assert await check_plan(plan, reader) is not snapshot

    asyncio.run(work())


def test_the_threshold_stops_a_plan_before_anybody_sees_it(engine: Engine) -> None:
    engine.apply(prompts(engine, "a", "b"))

    async def work(writer: Writer) -> None:
        with pytest.raises(UnsafePlan, match="--max-delete 2"):
            await make_plan(engine.desired({}), writer, engine.options, Threshold(1, percent=False))

    engine.run(work)


def test_a_plan_is_not_carried_out_on_a_server_that_moved(engine: Engine) -> None:
    async def work(writer: Writer) -> None:
        plan, _ = await make_plan(engine.desired(prompts(engine, "a")), writer, engine.options)
        await carry_out(writer, *await make_plan(engine.desired(prompts(engine, "a")), writer, engine.options))
        with pytest.raises(StalePlan, match="exists by now"):
            await check_plan(plan, writer)

    engine.run(work)


def test_what_is_to_be_created_is_in_the_inventory_before_it_is_on_the_server(engine: Engine) -> None:
    async def work(writer: Writer) -> None:
        plan, snapshot = await make_plan(engine.desired(prompts(engine, "a")), writer, engine.options)
        seen: list[str] = []
        with proxied(engine.sandbox) as (sandbox, proxy):

            def rule(method: str, path: str) -> Answer | None:
                seen.extend([path] if method != "GET" else [])
                return None

            proxy.rule = rule
            async with replace(engine, sandbox=sandbox).connect() as through:
                await carry_out(through, plan, snapshot)
        assert [path.split("?")[0] for path in seen[:2]] == ["/api/v1/files/", "/api/v1/prompts/create"]
        (record,) = (await inventory(writer, engine)).records.values()
        assert record.id

    engine.run(work)


def test_an_empty_plan_writes_nothing(engine: Engine) -> None:
    engine.apply(prompts(engine, "a"))

    async def work(writer: Writer) -> None:
        before = (await inventory(writer, engine)).serial
        plan, snapshot = await make_plan(engine.desired(prompts(engine, "a")), writer, engine.options)
        assert plan.empty
        assert (await carry_out(writer, plan, snapshot)).complete
        assert (await inventory(writer, engine)).serial == before

    engine.run(work)


def test_an_object_that_went_by_itself_is_forgotten(engine: Engine) -> None:
    engine.apply(prompts(engine, "a"))

    async def work(writer: Writer) -> None:
        ((address, record),) = (await inventory(writer, engine)).records.items()
        await writer.delete(f"/api/v1/prompts/id/{record.id}/delete")
        plan, snapshot = await make_plan(engine.desired({}), writer, engine.options)
        assert (plan.empty, dict(plan.settled)) == (True, {address: None})
        await carry_out(writer, plan, snapshot)
        assert (await inventory(writer, engine)).records == {}

    engine.run(work)


def test_what_was_stopped_is_planned_again_as_new(engine: Engine) -> None:
    async def work(writer: Writer) -> None:
        plan, snapshot = await make_plan(engine.desired(prompts(engine, "a", "b", "c")), writer, engine.options)
        started: list[object] = []
        context = RunContext(writer, parallelism=1, is_stopped=lambda: any(started))
        outcome = await apply_plan(plan, snapshot, context, started.append)
        assert [result.status for result in outcome.results] == [Status.DONE, Status.SKIPPED, Status.SKIPPED]
        assert len([event for event in started if isinstance(event, Started)]) == 1
        assert outcome.requests == writer.requests

    engine.run(work)
    plan = engine.plan(prompts(engine, "a", "b", "c"))
    assert [change.action for change in plan.changes] == [Action.CREATE, Action.CREATE]


def test_a_name_that_is_nowhere_stops_the_plan(engine: Engine) -> None:
    document = {"prompts": {"p": {"content": "x", "access": {"read": {"groups": [f"none-{engine.stack}"]}}}}}
    with pytest.raises(ManifestError, match="which neither the manifests nor the server have"):
        engine.plan(document)


def test_the_message_reaches_the_histories(engine: Engine) -> None:
    told = replace(engine, options=Options(message="release 9"))
    told.apply(prompts(engine, "a"))

    async def work(writer: Writer) -> str:
        (record,) = (await inventory(writer, engine)).records.values()
        history = await writer.get(f"/api/v1/prompts/id/{record.id}/history")
        return str(history[0]["commit_message"])

    assert engine.run(work) == "release 9"


def test_what_another_stack_took_over_is_not_deleted_by_the_former_owner(engine: Engine, tmp_path: Path) -> None:
    heir = replace(engine_for(engine.sandbox, tmp_path / "heir", "heir"), options=Options(take_over=True))
    engine.apply(prompts(engine, "a"))
    heir.apply(prompts(engine, "a"))
    try:
        assert engine.plan({}).changes == ()
    finally:
        heir.apply({})
