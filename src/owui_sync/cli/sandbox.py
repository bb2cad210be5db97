"""`owui-sync sandbox`: a throwaway real Open WebUI on this machine."""

from __future__ import annotations

import shlex
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click
from click.core import ParameterSource

from owui_sync.cli.options import output_options
from owui_sync.report.out import say
from owui_sync.sandbox.install import DEFAULT_VERSION, SUPPORTED

if TYPE_CHECKING:
    from owui_sync.report.reporters import Reporter
    from owui_sync.sandbox import Sandbox
    from owui_sync.values import Json


@click.group(name="sandbox")
def command() -> None:
    """Run a throwaway Open WebUI on this machine, with a scripted model provider."""


@command.command()
@click.option(
    "--version", default=DEFAULT_VERSION, show_default=True, help=f"Release to run; tested: {', '.join(SUPPORTED)}."
)
@click.option("--port", type=click.IntRange(1, 65535), help="Port on loopback.  [default: the first free from 8080 on]")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Data folder to use; it is kept.")
@click.option("--name", default="default", show_default=True, help="Name, for several sandboxes side by side.")
@output_options("text", "json")
def up(version: str, port: int | None, data: Path | None, name: str, reporter: Reporter) -> None:
    """Start a sandbox and print how to reach it.

    The output is shell code: `eval "$(owui-sync sandbox up)"` sets OWUI_URL and OWUI_TOKEN. A sandbox that is already
    running is left as it is, and how to reach it is printed again.
    """
    from owui_sync.sandbox import up as start

    begun = time.monotonic()
    chosen = None if _is_default("version") else version
    if sandbox := _running(name, chosen, port, data):
        _tell(f"the sandbox {name!r} runs already")
    else:
        sandbox = start(version, name=name, port=port, data=data, progress=_tell)
        _tell(f"ready in {time.monotonic() - begun:.0f} s")
    reporter.show_document(_document(sandbox), _exports(sandbox))


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
@output_options("text", "json")
def status(reporter: Reporter) -> None:
    """List the running sandboxes: their addresses, and how to log in."""
    from owui_sync.sandbox import status as look

    found = look()
    rows = [{**_document(each.sandbox), "condition": each.condition} for each in found]
    lines = [_status_line(each.sandbox, each.condition) for each in found]
    reporter.show_document({"sandboxes": rows}, "\n".join(lines) or "no sandbox is up")


def _document(sandbox: Sandbox) -> Json:
    values = asdict(sandbox)
    return {name: str(value) if isinstance(value, Path) else value for name, value in values.items()}


def _status_line(box: Sandbox, condition: str) -> str:
    login = f"login {box.admin_email} / {box.admin_password}"
    return f"{box.name:<12} {condition:<8}  {box.version:<8} {box.url}  {login}  log {box.log}"


def _is_default(name: str) -> bool:
    return click.get_current_context().get_parameter_source(name) is ParameterSource.DEFAULT


def _running(name: str, version: str | None, port: int | None, data: Path | None) -> Sandbox | None:
    """The sandbox of that name when it runs and is what is asked for, as far as anything is."""
    from owui_sync.sandbox import status as look

    box = next((each.sandbox for each in look() if each.sandbox.name == name and each.condition == "running"), None)
    if box is None:
        return None
    pairs = (
        (version, box.version),
        (port, urlsplit(box.url).port),
        (data and data.expanduser().absolute(), box.data),
    )
    return box if all(asked in (None, there) for asked, there in pairs) else None


def _tell(line: str) -> None:
    say(line, err=True)


def _exports(sandbox: Sandbox) -> str:
    named = "" if sandbox.name == "default" else f" --name {sandbox.name}"
    return "\n".join(
        [
            f"export OWUI_URL={shlex.quote(sandbox.url)}",
            f"export OWUI_TOKEN={shlex.quote(sandbox.token)}",
            f"# Open WebUI {sandbox.version}, login {sandbox.admin_email} / {sandbox.admin_password}",
            f"# model provider  {sandbox.provider_url}",
            f"# data            {sandbox.data}",
            f"# log             {sandbox.log}",
            f"# stop it with    owui-sync sandbox down{named}",
        ]
    )
