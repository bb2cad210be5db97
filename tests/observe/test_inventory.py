from __future__ import annotations

import asyncio

import pytest

from owui_sync.apply.inventory import save
from owui_sync.client.api import files
from owui_sync.client.writer import Writer
from owui_sync.observe.inventory import read_inventory, read_stacks
from owui_sync.plan.inventory import Inventory, file_name
from owui_sync.plan.types import InventoryEntry
from tests.support.engine import Engine

OLD, NEW = {"prompt/old": InventoryEntry("1")}, {"prompt/new": InventoryEntry("2")}


async def found(writer: Writer, engine: Engine) -> tuple[Inventory, list[str]]:
    return await read_inventory(writer, engine.stack, (await read_stacks(writer))[0].get(engine.stack, []))


async def put(writer: Writer, engine: Engine, *contents: bytes) -> None:
    for content in contents:
        await files.upload(writer, file_name(engine.stack), content)


async def clear(writer: Writer, engine: Engine) -> None:
    await save(writer, (await found(writer, engine))[0], {})


def test_a_new_stack_owns_nothing(engine: Engine) -> None:
    inventory, warnings = engine.run(lambda writer: found(writer, engine))
    assert (inventory.serial, inventory.records, inventory.files, warnings) == (0, {}, (), [])


def test_the_highest_serial_counts_whatever_was_uploaded_last(engine: Engine) -> None:
    async def work(writer: Writer) -> None:
        newest, older = Inventory(engine.stack, 7, records=NEW), Inventory(engine.stack, 6, records=OLD)
        await put(writer, engine, newest.to_json(), older.to_json())
        inventory, warnings = await found(writer, engine)
        assert (inventory.records, inventory.salt, len(inventory.files), warnings) == (NEW, newest.salt, 2, [])
        await clear(writer, engine)

    engine.run(work)


@pytest.mark.parametrize("later", [0, 1, 2])
def test_what_only_the_other_one_of_two_runs_knows_is_not_forgotten(engine: Engine, later: int) -> None:
    """Both began with the same inventory; one of them had lost the lock."""

    async def work(writer: Writer) -> None:
        base = Inventory(engine.stack).next({"prompt/base": InventoryEntry("1")}, {})
        loser = base.next({**base.records, "prompt/both": InventoryEntry(""), **OLD}, {})
        winner = base.next({"prompt/both": InventoryEntry("2"), **NEW}, {})
        for _ in range(later):
            winner = winner.next(winner.records, {})
        await put(writer, engine, loser.to_json(), winner.to_json())
        inventory, warnings = await found(writer, engine)
        (warning,) = warnings
        assert f"two runs of stack {engine.stack!r} wrote its inventory at the same time" in warning
        assert (inventory.serial, len(inventory.files)) == (winner.serial, 2)
        assert inventory.records == {**loser.records, **winner.records}
        await clear(writer, engine)

    engine.run(work)


def test_what_a_later_write_gave_up_does_not_come_back_from_a_file_that_was_left(engine: Engine) -> None:
    async def work(writer: Writer) -> None:
        before = Inventory(engine.stack).next({**OLD, **NEW}, {})
        between = before.next(OLD, {})
        after = between.next(NEW, {})
        again = after.to_json()
        await put(writer, engine, before.to_json(), between.to_json(), after.to_json(), again)
        inventory, warnings = await found(writer, engine)
        assert (inventory.records, len(inventory.files), warnings) == (NEW, 4, [])
        await clear(writer, engine)

    engine.run(work)


def test_a_damaged_file_is_passed_over_with_a_warning_that_names_it(engine: Engine) -> None:
    async def work(writer: Writer) -> None:
        whole = Inventory(engine.stack, 3, records=OLD).to_json()
        await put(writer, engine, whole, Inventory(engine.stack, 4, records=NEW).to_json()[:-5])
        inventory, (warning,) = await found(writer, engine)
        assert inventory.records == OLD
        assert any(id in warning for id in inventory.files)
        assert repr(engine.stack) in warning
        await clear(writer, engine)

    engine.run(work)


def test_an_inventory_under_another_stacks_name_is_not_believed(engine: Engine) -> None:
    async def work(writer: Writer) -> None:
        await put(writer, engine, Inventory("somebody-else", 9, records=NEW).to_json())
        inventory, warnings = await found(writer, engine)
        assert (inventory.records, len(warnings)) == ({}, 1)
        await clear(writer, engine)

    engine.run(work)


def test_stacks_are_told_apart_by_the_whole_name(engine: Engine) -> None:
    async def work(writer: Writer) -> None:
        for stack in (engine.stack, f"{engine.stack}-2", f"{engine.stack}.x"):
            await save(writer, Inventory(stack), {})
        await files.upload(writer, f"{file_name(engine.stack)}.bak", b"x")
        stacks, _ = await read_stacks(writer)
        mine = {stack: len(rows) for stack, rows in stacks.items() if stack.startswith(engine.stack)}
        assert mine == {engine.stack: 1, f"{engine.stack}-2": 1, f"{engine.stack}.x": 1}
        rows = [row for stack in mine for row in stacks[stack]]
        rows += await files.search(writer, f"{file_name(engine.stack)}.bak")
        await asyncio.gather(*(files.delete(writer, row["id"]) for row in rows))

    engine.run(work)
