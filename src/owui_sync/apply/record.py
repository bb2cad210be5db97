"""What the inventory says before and after a run, so that a kill at any moment loses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from owui_sync.apply.confirm import confirm
from owui_sync.apply.inventory import save
from owui_sync.apply.lock import locked
from owui_sync.apply.outcome import Outcome, Status
from owui_sync.apply.runner import Runner, failure
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError
from owui_sync.observe.inventory import read_inventory, read_stacks
from owui_sync.plan.inventory import Inventory
from owui_sync.plan.types import Action, Plan

_PATIENCE = 30.0
"""Seconds to wait for a run of a stack that loses an object to ours."""


async def announce(writer: Writer, plan: Plan, inventory: Inventory) -> Inventory:
    """Writes down what is going to be created: a run that is killed knows its own objects again."""
    pending = {c.address: replace(c.record, id="") for c in plan.changes if c.action is Action.CREATE and c.record}
    return await save(writer, inventory, {**inventory.records, **pending}) if pending else inventory


async def record(runner: Runner, inventory: Inventory, outcome: Outcome) -> Outcome:
    """Writes down what a run has done, and takes objects that were taken over out of the other inventories.

    Args:
        inventory: as it is on the server now.
    """
    plan, writer = runner.plan, runner.writer
    if not runner.stopped() and not runner.silent:
        runner.records = await confirm(writer, runner.records, runner.written, runner.snapshot.names)
    settled = plan.settled if plan.serial == runner.snapshot.inventory.serial else {}
    records = {address: known for address, known in {**runner.records, **settled}.items() if known}
    try:
        if records != inventory.records:
            await save(writer, inventory, records)
        for stack, lost in _taken(outcome).items():
            await _take(writer, stack, lost)
    except OwuiSyncError as error:
        return replace(outcome, unrecorded=failure(error), requests=writer.requests)
    return replace(outcome, requests=writer.requests)


def _taken(outcome: Outcome) -> Mapping[str, set[str]]:
    """Stack -> the addresses that it owned until this run."""
    taken: dict[str, set[str]] = {}
    for result in outcome.results:
        if result.status is Status.DONE and result.change.taken_from:
            taken.setdefault(result.change.taken_from, set()).add(result.change.live_address)
    return taken


async def _take(writer: Writer, stack: str, lost: set[str]) -> None:
    async with locked(writer, stack, _PATIENCE):
        stacks, _ = await read_stacks(writer)
        inventory, _ = await read_inventory(writer, stack, stacks.get(stack, []))
        await save(writer, inventory, {a: known for a, known in inventory.records.items() if a not in lost})
