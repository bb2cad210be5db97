"""Two runs of one stack, of which the first loses its lock in the middle."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import yaml

from owui_sync.apply.lock import unlock
from owui_sync.client.writer import Writer
from owui_sync.observe.inventory import read_inventory, read_stacks
from owui_sync.plan.inventory import Inventory
from tests.support.engine import Engine
from tests.support.project import Project, changes
from tests.support.proxy import Answer, proxied


async def stored(writer: Writer, stack: str) -> Inventory:
    stacks, _ = await read_stacks(writer)
    return (await read_inventory(writer, stack, stacks.get(stack, [])))[0]


def test_a_run_that_lost_its_lock_leaves_the_inventory_to_the_other_one(project: Project) -> None:
    s = project.stack
    document = {"prompts": {f"{name}-{s}": {"content": "x"} for name in "ab"}}
    project.write(yaml.safe_dump(document))
    engine = Engine(project.sandbox, project.folder.parent / "other", s)
    other: list[bool] = []

    def rule(method: str, path: str) -> Answer | None:
        """Somebody removes the lock before the first creation, and another run is done before it arrives."""
        if path.endswith("/prompts/create") and not other:
            other.append(False)
            engine.run(lambda writer: unlock(writer, s))
            other[0] = engine.apply(document).complete
        return None

    with proxied(project.sandbox) as (sandbox, proxy):
        proxy.rule = rule
        ran = replace(project, sandbox=sandbox).run("apply", ".", "--yes", "--parallelism", "1")
    assert (ran.code, other) == (3, [True])
    assert "the lock of the stack was lost" in ran.err
    inventory = asyncio.run(_now(engine))
    assert (len(inventory.files), sorted(inventory.records)) == (1, [f"prompt/a-{s}", f"prompt/b-{s}"])
    assert all(record.id for record in inventory.records.values())
    assert changes(project.plan()) == {}
    engine.apply({})


async def _now(engine: Engine) -> Inventory:
    async with engine.connect() as writer:
        return await stored(writer, engine.stack)
