"""What the commands share that start a throwaway server: their options, and what those mean."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, cast

import click

from owui_sync.cli.manifest_options import chosen_target
from owui_sync.cli.options import ConnectionOptions, Function, SectionOption
from owui_sync.cli.planning import server_for
from owui_sync.cli.reports import report_files_option
from owui_sync.errors import UsageError
from owui_sync.report.out import say

if TYPE_CHECKING:
    from owui_sync.client.connect import Server
    from owui_sync.sandbox.setup import Setup

_OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "--provider",
        {
            "metavar": "URL",
            "help": "Ask the models of a real OpenAI-compatible API, such as https://api.openai.com/v1, instead of the "
            "scripted ones; its key is in OWUI_PROVIDER_KEY.",
        },
    ),
    (
        "--live-endpoints",
        {
            "is_flag": True,
            "help": "Let the server reach beyond this machine, and the tool servers, webhooks and search engine of the "
            "manifests; without it, stubs on loopback stand in for them.",
        },
    ),
    (
        "--database",
        {"type": click.Choice(("sqlite", "postgresql")), "help": "Database of the server.  [default: sqlite]"},
    ),
    (
        "--workers",
        {"type": click.IntRange(1, 64), "metavar": "N", "help": "Processes that serve requests.  [default: 1]"},
    ),
)


def server_options(function: Function) -> Function:
    """Return the options of a throwaway server; the command gets `server: dict[str, Any]`, for `chosen_setup`."""

    @functools.wraps(function)
    def with_server(*args: Any, **kwargs: Any) -> Any:
        names = [name.removeprefix("--").replace("-", "_") for name, _ in _OPTIONS]
        return function(*args, server={name: kwargs.pop(name) for name in names}, **kwargs)

    result = cast(Function, with_server)
    for name, settings in reversed(_OPTIONS):
        result = click.option(name, cls=SectionOption, section="Throwaway server", **settings)(result)
    return result


secrets_option = click.option(
    "--real-secrets", is_flag=True, help="Read each `!secret` as usual; without it, placeholders stand for them."
)


def _formats() -> Collection[str]:
    from owui_sync.report.written import REPORTS

    return REPORTS


report_option = report_files_option(
    "Also write the report as text, json, markdown, html, gitlab, junit or prometheus; repeatable.", _formats
)


def version_in_use(given: str | None, where: Mapping[str, Any], connection: ConnectionOptions, option: str) -> str:
    """Return the version of Open WebUI that the manifests are for.

    It is the one of the option, else `server_version` of the target, else the one that the target's server runs.

    Raises:
        UsageError: there is none of the three; names the option.
    """
    target = chosen_target(where["config"], where["target"])
    if version := given or target.server_version:
        return version
    try:
        server = server_for(connection, target)
    except UsageError as unknown:
        raise UsageError(
            f"which version of Open WebUI? there is no live server to ask ({unknown.problems[0].message})",
            hint=f"pass {option}, or write `server_version` in the configuration",
        ) from None
    return asyncio.run(_version_of(server))


async def _version_of(server: Server) -> str:
    from owui_sync.client.connect import connect_read_only
    from owui_sync.client.versions import detect

    async with connect_read_only(server) as reader:
        return str(await detect(reader))


def chosen_setup(server: Mapping[str, Any]) -> Setup:
    """Return how the options want the server set up.

    Raises:
        UsageError: the address of the provider is none.
    """
    from owui_sync.sandbox.setup import Setup

    forward = server["provider"] or ""
    if forward and not forward.startswith(("http://", "https://")):
        raise UsageError(f"--provider takes a URL, not {forward!r}", hint="such as https://api.openai.com/v1")
    return Setup(
        forward=forward,
        live_endpoints=server["live_endpoints"],
        database=server["database"] or "sqlite",
        workers=server["workers"] or 1,
    )


def ensure_only_with(what: str, options: Mapping[str, object]) -> None:
    """Raise UsageError if one of the options is given, which mean something with `what` only."""
    if given := [name for name, value in options.items() if value]:
        raise UsageError(f"{' and '.join(given)} {'means' if len(given) == 1 else 'mean'} nothing without {what}")


def tell(line: str) -> None:
    """Say on stderr how it goes, except with `-q`."""
    from owui_sync.cli.options import current_settings

    if not current_settings().quiet:
        say(line, err=True)
