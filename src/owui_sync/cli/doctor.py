"""`owui-sync doctor`: check whether it can work with this server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import click

from owui_sync.cli.manifest_options import chosen_target, manifest_options, read_manifests
from owui_sync.cli.options import (
    Command,
    ConnectionOptions,
    connection_options,
    output_options,
    stack_option,
)
from owui_sync.cli.planning import server_for
from owui_sync.errors import OwuiSyncError

if TYPE_CHECKING:
    from owui_sync.client.connect import Server
    from owui_sync.client.reader import Reader
    from owui_sync.manifest.desired import Desired
    from owui_sync.report.lines import Line
    from owui_sync.report.reporters import Reporter


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Args:
        name: what.
        state: `ok`, `warning` or `failed`.
        text: what was found.
        hint: what to do, or None.
        code: exit code of a command that fails because of it.
    """

    name: str
    state: str
    text: str
    hint: str | None = None
    code: int = 1


@click.command(cls=Command, name="doctor")
@manifest_options
@output_options("text", "json")
@stack_option
@connection_options
def command(reporter: Reporter, stack: str | None, connection: ConnectionOptions, **where: Any) -> int:
    """Check connection, rights and server version.

    Shows whose token it is and whether it may manage everything, which version the server runs, what in the manifests
    (PATH, or the layers of ./owui-sync.yaml) that version does not support, and what the stack owns there. Changes
    nothing. Exits with 1 if something is wrong, and with 69 without a connection.
    """
    chosen = chosen_target(where["config"], where["target"])
    desired = _manifests(where) if where["paths"] or chosen.layers else None
    written = None if desired is None or isinstance(desired, Check) else desired.stack
    owner = stack or written or chosen.stack or "default"
    checks = asyncio.run(_examine(server_for(connection, chosen), owner, desired))
    failed = any(check.state == "failed" for check in checks)
    document = {"format": 1, "ok": not failed, "checks": [_row(check) for check in checks]}
    reporter.show_document(document, _lines(checks))
    return max((check.code for check in checks if check.state == "failed"), default=0)


def _manifests(where: dict[str, Any]) -> Desired | Check:
    """Return the manifests, or what is wrong with them: that alone is no reason not to look at the server."""
    try:
        return read_manifests(**where, allow_missing_secrets=True).desired
    except OwuiSyncError as error:
        count = len(error.problems)
        return Check("manifests", "failed", f"{count} problems", "`owui-sync validate` lists them")


def _row(check: Check) -> dict[str, Any]:
    return {name: value for name, value in asdict(check).items() if name != "code"}


def _lines(checks: list[Check]) -> list[Line]:
    from owui_sync.report.lines import Line

    colours = {"ok": "green", "warning": "yellow", "failed": "red"}
    lines = []
    for check in checks:
        lead = ((f"{check.state:8}", colours[check.state]), (f" {check.name:10} ", ""))
        lines.append(Line(lead, ((check.text, ""),)))
        if check.hint:
            lines.append(Line((), ((check.hint, ""),), 20))
    return lines


async def _examine(server: Server, stack: str, desired: Desired | Check | None) -> list[Check]:
    from owui_sync.client.connect import connect_read_only

    async with connect_read_only(server) as reader:
        return [check async for check in _checks(reader, stack, desired)]


async def _checks(reader: Reader, stack: str, desired: Desired | Check | None) -> AsyncIterator[Check]:
    """Yield one after the other; what fails makes the later ones pointless."""
    for name, examine in (("server", _server), ("token", _token), ("rights", _rights)):
        try:
            check = await examine(reader)
        except OwuiSyncError as error:
            problem = error.problems[0]
            yield Check(name, "failed", problem.message, problem.hint, error.exit_code)
            return
        yield check
        if check.state == "failed":
            return
    yield await _stack(reader, stack)
    from owui_sync.kinds.settings.caution import of_server

    if warnings := await of_server(reader):
        yield Check("settings", "warning", "; ".join(warnings))
    if isinstance(desired, Check):
        yield desired
    elif desired:
        for check in await _abilities(reader, desired):
            yield check


async def _abilities(reader: Reader, desired: Desired) -> list[Check]:
    """Return what of the manifests the server's version cannot do."""
    from owui_sync.client.capabilities import version_of
    from owui_sync.plan.compatibility import too_new

    version = str(await version_of(reader))
    problems = too_new(desired.entries.values(), version)
    if not problems:
        return [Check("manifests", "ok", f"this version supports all {len(desired.entries)} entries")]
    return [
        Check("manifests", "failed", f"{problem.where}: {problem.message}" if problem.where else problem.message, hint)
        for problem in problems
        for hint in [problem.hint]
    ]


async def _server(reader: Reader) -> Check:
    from owui_sync.client.capabilities import version_of
    from owui_sync.observe.version import check_version

    version = await version_of(reader)
    warnings = check_version(version)
    text = f"{reader.url} runs Open WebUI {version}"
    return Check("server", "warning", "; ".join([text, *warnings])) if warnings else Check("server", "ok", text)


async def _token(reader: Reader) -> Check:
    from owui_sync.client.api import users

    user = await users.session(reader)
    text = f"of {user['email']} ({user['role']})"
    if user["role"] == "admin":
        return Check("token", "ok", text)
    return Check("token", "failed", text, "managing a server needs the token of an administrator")


async def _rights(reader: Reader) -> Check:
    """Check whether administrators are kept from seeing what others own, by a setting that no route tells of.

    That they see everything is certain once a list has something of another user that is shared with nobody.
    """
    from owui_sync.client.api import knowledge, models, prompts, users
    from owui_sync.client.concurrency import gather_or_cancel
    from owui_sync.observe.hidden import REMEDY, find_hiding, is_private_of_another

    user = await users.session(reader)
    bots, texts, bases = await gather_or_cancel(
        models.presets_in_full(reader), prompts.list_all(reader), knowledge.list_all(reader)
    )
    unseen = await knowledge.hidden(reader, user["id"], len(bases))
    hiding = await find_hiding(reader, ((f"knowledge/{row['name']}", row) for row in bases), unseen)
    count = f"{len(texts)} prompts, {len(bots)} presets, {len(bases)} knowledge bases"
    if hiding.hidden:
        text = f"may not read everything: the server hides what others own (for example {hiding.hidden[0]})"
        return Check("rights", "failed", text, REMEDY)
    if hiding:
        text = f"may read {count}; not known what others have: the server hides it ({hiding.signs[0]})"
        return Check("rights", "warning", text, REMEDY)
    if any(is_private_of_another(row, user["id"]) for row in [*bots, *texts, *bases]):
        return Check("rights", "ok", f"may read everything: {count}")
    text = f"may read {count}; not known whether others have more: nothing here is another user's alone"
    hint = "a server with BYPASS_ADMIN_ACCESS_CONTROL=false hides what others own; the default is true"
    return Check("rights", "warning", text, hint)


async def _stack(reader: Reader, stack: str) -> Check:
    from owui_sync.apply.lock import who
    from owui_sync.observe.inventory import read_inventory, read_stacks

    stacks, disowned = await read_stacks(reader)
    inventory, warnings = await read_inventory(reader, stack, stacks.get(stack, []))
    others = f"; other stacks here: {', '.join(sorted(stacks.keys() - {stack}))}" if stacks.keys() - {stack} else ""
    text = f"{stack!r} owns {len(inventory.records)} objects{others}"
    holder = await who(reader, stack)
    warnings = [*(file.words for file in disowned), *warnings]
    if holder or warnings:
        return Check("stack", "warning", "; ".join([text, *([f"locked by {holder}"] if holder else []), *warnings]))
    return Check("stack", "ok", text)
