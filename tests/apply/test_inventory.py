from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from owui_sync.apply.inventory import save
from owui_sync.client.api import files
from owui_sync.client.errors import ApiError
from owui_sync.client.writer import Writer
from owui_sync.observe.inventory import read_inventory, read_stacks
from owui_sync.plan.inventory import Inventory, file_name
from owui_sync.plan.types import InventoryEntry
from tests.support.engine import Engine
from tests.support.proxy import Answer, proxied

RECORDS = {"prompt/ä": InventoryEntry("1", {"content": "f"}, keep=True), "model/m": InventoryEntry("m", partial=True)}


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


FAULTS = {
    "reset": Answer(0, cut=True),
    "lost answer": Answer(0, cut=True, after=True),
    "500": Answer(500),
    "500 after it was done": Answer(500, after=True),
    "502": Answer(502),
    "503": Answer(503),
    "429": Answer(429),
    "web page": Answer(200, b"<!doctype html>", "text/html"),
}


def once(answer: Answer, *part: str) -> Callable[[str, str], Answer | None]:
    """The first request whose method and path have these parts gets that answer."""
    met: list[str] = []

    def rule(method: str, path: str) -> Answer | None:
        if met or not all(word in f"{method} {path}" for word in part):
            return None
        met.append(path)
        return answer

    return rule


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("request_", ["POST", "DELETE"])
def test_one_fault_around_a_save_is_none_of_its_own(engine: Engine, fault: str, request_: str) -> None:
    async def work(writer: Writer) -> Inventory:
        first = await save(writer, Inventory(engine.stack), {})
        proxy.rule = once(FAULTS[fault], request_, "/api/v1/files/")
        return await save(writer, first, RECORDS)

    async def again(writer: Writer) -> None:
        read, warnings = await stored(writer, engine)
        assert (read.serial, read.records, warnings) == (saved.serial, RECORDS, [])
        assert saved.files[0] in read.files
        await save(writer, read, {})
        assert len((await stored(writer, engine))[0].files) == 1

    with proxied(engine.sandbox) as (sandbox, proxy):
        saved = replace(engine, sandbox=sandbox).run(work)
    engine.run(again)


def test_an_upload_that_is_refused_is_not_repeated(engine: Engine) -> None:
    async def work(writer: Writer) -> None:
        with pytest.raises(ApiError, match="disk full"):
            await save(writer, Inventory(engine.stack), {})

    with proxied(engine.sandbox) as (sandbox, proxy):
        proxy.rule = lambda method, path: Answer(400, b'{"detail": "disk full"}') if method == "POST" else None
        replace(engine, sandbox=sandbox).run(work)
    assert len(proxy.writes) == 1


def test_the_salt_stays_for_as_long_as_the_inventory_does(engine: Engine) -> None:
    async def work(writer: Writer) -> None:
        first = await save(writer, Inventory(engine.stack), {})
        second = await save(writer, replace(first), {})
        assert first.salt == second.salt == (await stored(writer, engine))[0].salt

    engine.run(work)
