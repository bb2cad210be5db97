"""`owui-sync sandbox up`."""

from __future__ import annotations

import shlex
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from owui_sync.cli.manifest_options import manifest_options, read_manifests
from owui_sync.cli.options import Command, output_options
from owui_sync.cli.throwaway import chosen_setup, ensure_only_with, server_options, tell
from owui_sync.sandbox.install import DEFAULT_VERSION, SUPPORTED

if TYPE_CHECKING:
    from owui_sync.cli.manifest_options import Manifests
    from owui_sync.report.reporters import Reporter
    from owui_sync.sandbox import Sandbox
    from owui_sync.sandbox.setup import Setup
    from owui_sync.values import Json


@click.command(cls=Command)
@click.option(
    "--version",
    help=f"Release to run; tested: {', '.join(SUPPORTED)}.  [default: {DEFAULT_VERSION}, or the snapshot's]",
)
@click.option("--port", type=click.IntRange(1, 65535), help="Port on loopback.  [default: the first free from 8080 on]")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Data folder to use; it is kept.")
@click.option("--name", default="default", show_default=True, help="Name, for several sandboxes side by side.")
@click.option("--snapshot", metavar="NAME", help="Begin with the data of a snapshot.")
@click.option("--jobs", is_flag=True, help="Run the jobs that are due after the manifests are applied.")
@click.option("--placeholder-secrets", is_flag=True, help="Use a placeholder for each `!secret`.")
@server_options
@manifest_options
@output_options("text", "json")
def up(
    version: str | None,
    port: int | None,
    data: Path | None,
    name: str,
    snapshot: str | None,
    jobs: bool,
    placeholder_secrets: bool,
    server: dict[str, Any],
    reporter: Reporter,
    **where: Any,
) -> int:
    """Start a sandbox, apply manifests to it, and print how to reach it.

    PATH is as for plan; without it, no manifests are applied. The provider offers the models that they name, and
    accounts that a person's first sign-in would create are there already, with a placeholder for a password. The
    server reaches nothing beyond this machine without --live-endpoints; web search is on, with a search engine of the
    sandbox's own.

    The output is shell code: `eval "$(owui-sync sandbox up)"` sets OWUI_URL and OWUI_TOKEN. A sandbox that is already
    running is left as it is, the manifests are applied to it, and how to reach it is printed again.
    """
    if not where["paths"]:
        ensure_only_with("PATH", {"--jobs": jobs, "--placeholder-secrets": placeholder_secrets})
    begun = time.monotonic()
    manifests = _manifests(placeholder_secrets, where) if where["paths"] else None
    setup = chosen_setup(server) if any(server.values()) else None
    if sandbox := _running(name, version, port, data, snapshot, setup):
        tell(f"the sandbox {name!r} runs already")
    else:
        sandbox = _start(version, name, port, data, snapshot, setup)
        tell(f"ready in {time.monotonic() - begun:.0f} s")
    code = _apply(sandbox, manifests, jobs=jobs) if manifests else 0
    reporter.show_document(sandbox_document(sandbox), _exports(sandbox))
    return code


def _manifests(placeholder_secrets: bool, where: dict[str, Any]) -> Manifests:
    from owui_sync.environments.stand_ins import placeholder

    return read_manifests(**where, secret=placeholder if placeholder_secrets else None)


def _start(
    version: str | None, name: str, port: int | None, data: Path | None, snapshot: str | None, setup: Setup | None
) -> Sandbox:
    from owui_sync.sandbox import up as start

    return start(version, name=name, port=port, data=data, snapshot=snapshot, setup=setup, progress=tell)


def _apply(sandbox: Sandbox, manifests: Manifests, *, jobs: bool) -> int:
    import asyncio

    from owui_sync.cli.planning import selected
    from owui_sync.environments.session import Session, failures
    from owui_sync.environments.stand_ins import assumed, offered, unlike_live
    from owui_sync.plan.options import Options
    from owui_sync.sandbox import offer_models

    offer_models(sandbox.name, offered(manifests.desired))
    session = Session(sandbox, Options(selected(manifests.target)))
    result = asyncio.run(session.apply(manifests.desired, jobs=jobs))
    for words in unlike_live(manifests.desired, live=session.services is None):
        tell(words)
    if made_up := assumed(manifests.desired, session.options.selection, session.services):
        tell(f"made up, as no manifest describes it: {', '.join(made_up)}")
    for problem in failures(result):
        tell(str(problem))
    done = sum(each.status == "done" for each in result.outcome.results)
    tell(f"applied: {done} changed, {len(result.outcome.plan.unchanged)} unchanged in {result.total_seconds:.1f} s")
    return result.exit_code


def sandbox_document(sandbox: Sandbox) -> Json:
    """Return a sandbox for machines."""
    values = asdict(sandbox)
    return {name: str(value) if isinstance(value, Path) else value for name, value in values.items()}


def _running(
    name: str, version: str | None, port: int | None, data: Path | None, snapshot: str | None, setup: Setup | None
) -> Sandbox | None:
    """Return the sandbox of that name when it runs and is what is asked for, as far as anything is."""
    from owui_sync.sandbox import status as look

    box = next((each.sandbox for each in look() if each.sandbox.name == name and each.condition == "running"), None)
    if box is None or snapshot or setup:
        return None
    pairs = (
        (version, box.version),
        (port, urlsplit(box.url).port),
        (data and data.expanduser().absolute(), box.data),
    )
    return box if all(asked in (None, there) for asked, there in pairs) else None


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
