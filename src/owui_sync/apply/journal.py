"""What the inventory says before and after a run, so that a kill at any moment loses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from owui_sync.apply.confirm_tokens import confirm
from owui_sync.apply.context import RunContext
from owui_sync.apply.inventory import save
from owui_sync.apply.lock import locked, taken
from owui_sync.apply.outcome import Outcome, Status
from owui_sync.apply.runner import Runner, failure
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError
from owui_sync.observe.inventory import read_inventory, read_stacks
from owui_sync.plan.inventory import Inventory
from owui_sync.plan.job_history import begun
from owui_sync.plan.types import Action, Plan

_PATIENCE = 30.0
"""Seconds to wait for a run of a stack that loses an object to ours."""


async def announce(context: RunContext, plan: Plan, inventory: Inventory) -> Inventory:
    """Write down what is going to be created: a run that is killed knows its own objects again.

    Raises:
        Locked: another run took the lock.
    """
    pending = {c.address: replace(c.record, id="") for c in plan.changes if c.action is Action.CREATE and c.record}
    if not pending:
        return inventory
    if not await context.lock.held():
        raise taken(plan.stack, "nothing was changed")
    return await save(context.writer, inventory, {**inventory.records, **pending})


async def record(runner: Runner, inventory: Inventory, outcome: Outcome) -> Outcome:
    """Write down what a run has done, and take objects that were taken over out of the other inventories.

    What is written here also says which jobs come next, so that it need not be written once more for them.
    Files that an earlier run left beside the inventory go in any case. A run that lost the lock writes nothing: the
    inventory is another run's by now, and what ours made is in it as announced.

    Args:
        inventory: as it is on the server now.
    """
    plan, context, writer = runner.plan, runner.context, runner.context.writer
    if not context.is_stopped() and not runner.silent:
        runner.records = await confirm(writer, runner.records, runner.written, runner.snapshot.names)
    settled = plan.settled if plan.serial == runner.snapshot.inventory.serial else {}
    records = {address: known for address, known in {**runner.records, **settled}.items() if known}
    try:
        if records != inventory.records or len(inventory.files) > 1:
            if not await context.lock.held():
                raise taken(plan.stack)
            follow = begun(plan.jobs) if not context.is_stopped() and outcome.complete else {}
            inventory = await save(writer, inventory, records, {**inventory.jobs, **follow})
        for stack, lost in _taken(outcome).items():
            await _take(writer, stack, lost)
    except OwuiSyncError as error:
        return replace(outcome, unrecorded=failure(error), requests=writer.requests)
    return replace(outcome, requests=writer.requests, inventory=inventory)


def _taken(outcome: Outcome) -> Mapping[str, set[str]]:
    """Return stack -> the addresses that it owned until this run."""
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
