"""`owui-sync state`: inspect and repair the inventory and the lock."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from owui_sync.address import Address
from owui_sync.cli.manifest_options import chosen_target
from owui_sync.cli.options import (
    Command,
    ConnectionOptions,
    completing,
    connection_options,
    current_reporter,
    output_options,
    stack_option,
    target_options,
)
from owui_sync.cli.planning import server_for
from owui_sync.errors import OwuiSyncError, StalePlan, UsageError
from owui_sync.report.out import say
from owui_sync.report.visible import visible
from owui_sync.wording import did_you_mean

if TYPE_CHECKING:
    from owui_sync.apply.adoption import Adoption
    from owui_sync.client.writer import Writer
    from owui_sync.plan.inventory import Inventory
    from owui_sync.plan.types import InventoryEntry
    from owui_sync.report.reporters import Reporter

Result = TypeVar("Result")


@click.group(name="state")
def command() -> None:
    """Inspect and repair a stack's state.

    The inventory is kept on the server. It lists the objects that the stack owns, with fingerprints of the values that
    were last applied.
    """


def _options(function: Any) -> Any:
    return connection_options(target_options(stack_option(function)))


def _run(
    connection: ConnectionOptions,
    target: str | None,
    config: Path | None,
    stack: str | None,
    work: Callable[[Writer, str], Awaitable[Result]],
) -> Result:
    """Connect to the chosen server and work on the chosen stack."""
    from owui_sync.client.connect import connect

    chosen = chosen_target(config, target)

    async def run() -> Result:
        async with connect(server_for(connection, chosen)) as writer:
            return await work(writer, stack or chosen.stack or "default")

    return asyncio.run(run())


async def _read(writer: Writer, stack: str) -> Inventory:
    from owui_sync.observe.inventory import read_inventory, read_stacks

    stacks, disowned = await read_stacks(writer)
    if stack not in stacks and not any(file.stack == stack for file in disowned):
        known = f"stacks: {', '.join(sorted(stacks))}" if stacks else "no stack has been applied to it yet"
        raise OwuiSyncError(f"the server has no inventory of stack {stack!r}", hint=known)
    inventory, warnings = await read_inventory(writer, stack, stacks.get(stack, []))
    current_reporter().warn((*(file.words for file in disowned), *warnings))
    return inventory


@command.command(cls=Command, name="list")
@output_options("text", "json")
@_options
def list_(reporter: Reporter, **where: Any) -> None:
    """List the objects that the stack owns."""
    inventory = _run(work=_read, **where)
    rows = [{**Address.parse(address)._asdict(), "id": record.id} for address, record in inventory.records.items()]
    document = {"format": 1, "stack": inventory.stack, "serial": inventory.serial, "objects": rows}
    lines = [f"{visible(address)}  {_id(record)}" for address, record in inventory.records.items()]
    reporter.show_document(document, "\n".join(lines))


@command.command(cls=Command)
@click.argument("address", metavar="KIND/KEY", shell_complete=completing("addresses"))
@output_options("text", "json")
@_options
def show(address: str, reporter: Reporter, **where: Any) -> None:
    """Show what the inventory says of an object: its id, and fingerprints of its fields."""
    from dataclasses import asdict

    inventory = _run(work=_read, **where)
    address = _address(address, inventory)
    record = inventory.records[address]
    reporter.show_document({"format": 1, "address": address, **asdict(record)}, _record_text(address, record))


def _record_text(address: str, record: InventoryEntry) -> str:
    lines = [visible(address), f"  id      {_id(record)}", f"  keep    {str(record.keep).lower()}"]
    if record.adopted is not None:
        lines.append(f"  adopted {str(record.adopted).lower()}")
    lines += [f"  field   {visible(path)}  {fingerprint}" for path, fingerprint in record.fields.items()]
    return "\n".join(lines)


def _id(record: InventoryEntry) -> str:
    return record.id or "(being created)"


@command.command(cls=Command)
@click.argument("address", metavar="KIND/KEY", shell_complete=completing("addresses"))
@_options
def forget(address: str, **where: Any) -> None:
    """Stop managing an object; it stays on the server."""

    async def work(writer: Writer, stack: str) -> str:
        from owui_sync.apply.inventory import save
        from owui_sync.apply.lock import locked

        async with locked(writer, stack, 0):
            inventory = await _read(writer, stack)
            found = _address(address, inventory)
            records = {known: record for known, record in inventory.records.items() if known != found}
            await save(writer, inventory, records)
            return found

    say(f"{visible(_run(work=work, **where))} is no longer managed; it stays on the server")


@command.command(cls=Command)
@click.option("--yes", "-y", "--auto-approve", "yes", is_flag=True, help="Do not ask; needs --expect.")
@click.option("--expect", type=int, metavar="SERIAL", help="Serial of the inventory to take over.")
@_options
def adopt(yes: bool, expect: int | None, **where: Any) -> None:
    """Take over an inventory whose author is no longer an administrator.

    Shows its author, serial and objects, and asks. No object is changed or deleted. An object is taken over only if it
    exists, no other stack owns it, and the author created it. The next apply adopts the others that the manifests name.
    """
    from owui_sync.apply.adoption import adopt as take_over
    from owui_sync.apply.adoption import find_adoption
    from owui_sync.apply.lock import locked

    if yes and expect is None:
        raise UsageError("--yes needs --expect SERIAL", hint="`owui-sync state adopt` shows the serial and asks")
    if not yes and not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask on", hint="pass --yes and --expect SERIAL")

    async def look(writer: Writer, stack: str) -> Adoption:
        return await find_adoption(writer, stack, expect)

    shown = _run(work=look, **where)
    _show_adoption(shown)
    if not yes:
        click.confirm("Take it over?", abort=True, err=True)

    async def work(writer: Writer, stack: str) -> None:
        async with locked(writer, stack, 0):
            found = await find_adoption(writer, stack, shown.serial)
            if not found.same(shown):
                raise StalePlan(
                    "the inventory, or an object in it, has changed meanwhile", hint="run the command again"
                )
            await take_over(writer, found)

    _run(work=work, **where)
    say(f"taken over: {len(shown.records)} objects; no object was changed")


def _show_adoption(adoption: Adoption) -> None:
    say(f"inventory of stack {adoption.current.stack!r}, serial {adoption.serial}, by {visible(adoption.author)}")
    for address in adoption.records:
        say(f"  + {visible(address)}")
    for address, why in adoption.refused.items():
        say(f"    {visible(address)}  not taken over: {visible(why)}")


@command.command(cls=Command)
@_options
def unlock(**where: Any) -> None:
    """Remove the lock of a run that died."""

    async def work(writer: Writer, stack: str) -> str:
        from owui_sync.apply.lock import unlock

        holder = await unlock(writer, stack)
        return f"stack {stack!r} was locked by {holder}" if holder else f"stack {stack!r} was not locked"

    say(_run(work=work, **where))


def _address(address: str, inventory: Inventory) -> str:
    """Return the address as the inventory has it; the kind may be written as its section.

    Raise UsageError when it has none.
    """
    from owui_sync.kinds import SECTIONS

    kind, key = Address.parse(address)
    found = str(Address(SECTIONS[kind].name if kind in SECTIONS else kind, key))
    if found in inventory.records:
        return found
    raise OwuiSyncError(
        f"stack {inventory.stack!r} does not own {found}",
        hint=did_you_mean(found, inventory.records) or "`owui-sync state list` shows what it owns",
    )
