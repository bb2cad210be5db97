"""`owui-sync sandbox`: a throwaway real Open WebUI on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from owui_sync.cli.options import output_options
from owui_sync.cli.sandbox_up import sandbox_document, up

if TYPE_CHECKING:
    from owui_sync.report.reporters import Reporter
    from owui_sync.sandbox import Sandbox


@click.group(name="sandbox")
def command() -> None:
    """Run a throwaway Open WebUI on this machine, with a scripted model provider."""


command.add_command(up)


@command.command()
@click.option("--name", help="Name of the sandbox.  [default: default]")
@click.option("--all", "everything", is_flag=True, help="Stop all sandboxes.")
@output_options("text", "json")
def down(name: str | None, everything: bool, reporter: Reporter) -> None:
    """Stop a sandbox, and remove its data unless it was started with --data."""
    from owui_sync import sandbox

    if everything and name:
        raise click.UsageError("--name and --all exclude each other")
    stopped = sandbox.down_all() if everything else [name or "default"]
    if not everything:
        sandbox.down(stopped[0])
    reporter.show_document({"stopped": stopped}, f"stopped: {', '.join(stopped) or 'none'}")


@command.command()
@click.argument("name", required=False)
@click.option("--name", "sandbox", default="default", show_default=True, help="Which sandbox.")
@click.option("--list", "listing", is_flag=True, help="List the snapshots instead.")
@click.option("--remove", is_flag=True, help="Delete the snapshot instead.")
@output_options("text", "json")
def snapshot(name: str | None, sandbox: str, listing: bool, remove: bool, reporter: Reporter) -> None:
    """Copy the data of one that runs, for `sandbox up --snapshot NAME`.

    A snapshot of that name is replaced. It holds the administrator's password and API key, and only you can read it.
    """
    from owui_sync.sandbox import snapshots

    if listing:
        known = [{"name": each.name, "version": each.version} for each in snapshots.snapshots()]
        lines = [f"{each['name']:<20} {each['version']}" for each in known]
        return reporter.show_document({"snapshots": known}, "\n".join(lines) or "there are no snapshots")
    if name is None:
        raise click.UsageError("which snapshot? there is no NAME")
    if remove:
        snapshots.remove(name)
        return reporter.show_document({"removed": name}, f"removed: {name}")
    taken = snapshots.take(name, sandbox)
    text = f"taken: {name} (Open WebUI {taken.version}); begin with it: owui-sync sandbox up --snapshot {name}"
    return reporter.show_document({"snapshot": name, "version": taken.version}, text)


@command.command()
@output_options("text", "json")
def status(reporter: Reporter) -> None:
    """List the running sandboxes: their addresses, and how to log in."""
    from owui_sync.sandbox import status as look

    found = look()
    rows = [{**sandbox_document(each.sandbox), "condition": each.condition} for each in found]
    lines = [_status_line(each.sandbox, each.condition) for each in found]
    reporter.show_document({"sandboxes": rows}, "\n".join(lines) or "no sandbox is up")


def _status_line(box: Sandbox, condition: str) -> str:
    login = f"login {box.admin_email} / {box.admin_password}"
    return f"{box.name:<12} {condition:<8}  {box.version:<8} {box.url}  {login}  log {box.log}"
