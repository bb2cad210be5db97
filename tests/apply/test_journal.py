from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from owui_sync.apply.context import RunContext
from owui_sync.apply.inventory import save
from owui_sync.apply.journal import announce, record
from owui_sync.apply.outcome import Outcome
from owui_sync.apply.runner import Runner
from owui_sync.client.api import files
from owui_sync.client.writer import Writer
from owui_sync.errors import Locked
from owui_sync.observe.inventory import read_inventory, read_stacks
from owui_sync.pipeline import make_plan
from owui_sync.plan.inventory import Inventory, file_name
from owui_sync.plan.options import Options
from owui_sync.plan.types import InventoryEntry
from tests.support.engine import Engine, engine_for
from tests.support.proxy import Answer, proxied

Document = dict[str, dict[str, dict[str, str]]]


@pytest.fixture
def document(engine: Engine) -> Document:
    return {"prompts": {f"p-{engine.stack}": {"content": "x"}}}


async def stored(writer: Writer, stack: str) -> Inventory:
    stacks, _ = await read_stacks(writer)
    return (await read_inventory(writer, stack, stacks.get(stack, [])))[0]


def test_what_is_going_to_be_created_is_written_down_without_an_id(engine: Engine, document: Document) -> None:
    async def work(writer: Writer) -> None:
        plan, snapshot = await make_plan(engine.desired(document), writer, engine.options)
        announced = await announce(RunContext(writer), plan, snapshot.inventory)
        assert await stored(writer, engine.stack) == announced
        (pending,) = announced.records.values()
        assert (pending.id, list(pending.fields)) == ("", ["content"])

    engine.run(work)


def test_without_creations_nothing_is_announced(engine: Engine, document: Document) -> None:
    engine.apply(document)

    async def work(writer: Writer) -> None:
        changed = {"prompts": {key: {"content": "y"} for key in document["prompts"]}}
        plan, snapshot = await make_plan(engine.desired(changed), writer, engine.options)
        before = writer.requests
        assert await announce(RunContext(writer), plan, snapshot.inventory) is snapshot.inventory
        assert writer.requests == before

    engine.run(work)


@pytest.mark.parametrize(("serial", "left"), [(0, {}), (-1, {"prompt/gone": InventoryEntry("1")})])
def test_what_a_plan_settles_only_counts_while_its_inventory_is_the_newest(
    engine: Engine, serial: int, left: dict[str, InventoryEntry]
) -> None:
    """`serial` is how many inventories the plan is behind."""

    async def work(writer: Writer) -> None:
        await save(writer, await stored(writer, engine.stack), {"prompt/gone": InventoryEntry("1")})
        plan, snapshot = await make_plan(engine.desired({}), writer, engine.options)
        assert plan.settled == {"prompt/gone": None}
        runner = Runner(replace(plan, serial=plan.serial + serial), snapshot, RunContext(writer))
        await record(runner, snapshot.inventory, await runner.run())
        assert (await stored(writer, engine.stack)).records == left

    engine.run(work)


def test_what_was_taken_over_leaves_the_other_inventory_and_nothing_else_does(
    engine: Engine, document: Document, tmp_path: Path
) -> None:
    owner = engine_for(engine.sandbox, tmp_path / "owner", "owner")
    kept = {f"q-{owner.stack}": {"content": "y"}}
    owner.apply({"prompts": document["prompts"] | kept})
    assert replace(engine, options=Options(take_over=True)).apply(document).complete
    inventory = owner.run(lambda writer: stored(writer, owner.stack))
    assert list(inventory.records) == [f"prompt/q-{owner.stack}"]
    owner.apply({})


def test_an_inventory_that_cannot_be_kept_is_told_in_the_outcome(engine: Engine, document: Document) -> None:
    uploads: list[str] = []

    def rule(method: str, path: str) -> Answer | None:
        """Only the announcement gets through."""
        if method != "POST" or not path.startswith("/api/v1/files/"):
            return None
        uploads.append(path)
        return Answer(400, b'{"detail": "disk full"}') if len(uploads) > 1 else None

    with proxied(engine.sandbox) as (sandbox, proxy):
        proxy.rule = rule
        outcome: Outcome = replace(engine, sandbox=sandbox).apply(document)
    assert not outcome.complete
    assert outcome.unrecorded is not None
    assert (outcome.unrecorded.status, outcome.unrecorded.detail) == (400, "disk full")


def test_files_that_were_left_beside_the_inventory_go_when_there_is_nothing_else_to_write(
    engine: Engine, document: Document
) -> None:
    engine.apply(document)

    async def leave(writer: Writer) -> None:
        older = replace(await stored(writer, engine.stack), serial=1)
        await files.upload(writer, file_name(engine.stack), older.to_json())

    engine.run(leave)
    assert engine.apply(document).complete
    assert len(engine.run(lambda writer: stored(writer, engine.stack)).files) == 1


class TakenLock:
    """A lock that another run took without this one having noticed it yet."""

    lost = False

    async def held(self) -> bool:
        return False


def test_a_run_that_lost_the_lock_writes_no_inventory_and_says_so(engine: Engine, document: Document) -> None:
    async def work(writer: Writer) -> None:
        plan, snapshot = await make_plan(engine.desired(document), writer, engine.options)
        lost = RunContext(writer, lock=TakenLock())
        with pytest.raises(Locked, match="went to another run"):
            await announce(lost, plan, snapshot.inventory)
        announced = await announce(RunContext(writer), plan, snapshot.inventory)
        runner = Runner(plan, snapshot, lost)
        outcome = await record(runner, announced, await runner.run())
        assert outcome.unrecorded
        assert "went to another run" in outcome.unrecorded.detail
        assert await stored(writer, engine.stack) == announced

    engine.run(work)
