from __future__ import annotations

import asyncio
from dataclasses import replace

from owui_sync.apply.inventory import save
from owui_sync.client.api import files
from owui_sync.client.writer import Writer
from owui_sync.observe.inventory import read_inventory, read_stacks
from owui_sync.plan.inventory import Inventory, file_name
from owui_sync.plan.types import Record
from tests.support.engine import Engine

RECORDS = {"prompt/ä": Record("1", {"content": "f"}, keep=True), "model/m": Record("m", partial=True)}


async def stored(writer: Writer, engine: Engine) -> tuple[Inventory, list[str]]:
    return await read_inventory(writer, engine.stack, (await read_stacks(writer))[0].get(engine.stack, []))


def test_what_is_saved_is_read_again_and_older_files_are_gone(engine: Engine) -> None:
    async def work(writer: Writer) -> None:
        first = await save(writer, Inventory(engine.stack), {})
        second = await save(writer, first, RECORDS)
        read, warnings = await stored(writer, engine)
        assert (read, warnings) == (second, [])
        assert (read.serial, read.records, len(read.files)) == (2, RECORDS, 1)
        await save(writer, second, {})

    engine.run(work)


def test_at_no_moment_is_there_no_inventory(engine: Engine) -> None:
    """A reader that looks all the time sees the old one or the new one."""

    async def work(writer: Writer) -> set[int]:
        seen: set[int] = set()
        inventory = await save(writer, Inventory(engine.stack), {})
        saving = asyncio.create_task(save(writer, inventory, {}))
        while not saving.done():
            seen.add(len((await read_stacks(writer))[0].get(engine.stack, [])))
        return seen

    assert engine.run(work) <= {1, 2}


def test_a_file_that_is_gone_already_stops_no_save(engine: Engine) -> None:
    async def work(writer: Writer) -> None:
        first = await save(writer, Inventory(engine.stack), {})
        await files.delete(writer, first.files[0])
        await save(writer, first, {})

    engine.run(work)


def test_a_save_clears_away_what_killed_runs_and_damage_left(engine: Engine) -> None:
    async def work(writer: Writer) -> None:
        await files.upload(writer, file_name(engine.stack), b"{damaged")
        await files.upload(writer, file_name(engine.stack), Inventory(engine.stack, 3).to_json())
        found, _ = await stored(writer, engine)
        await save(writer, found, {})
        read, warnings = await stored(writer, engine)
        assert (read.serial, len(read.files), warnings) == (4, 1, [])

    engine.run(work)


def test_the_salt_stays_for_as_long_as_the_inventory_does(engine: Engine) -> None:
    async def work(writer: Writer) -> None:
        first = await save(writer, Inventory(engine.stack), {})
        second = await save(writer, replace(first), {})
        assert first.salt == second.salt == (await stored(writer, engine))[0].salt

    engine.run(work)
