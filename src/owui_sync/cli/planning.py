"""What `plan` and `apply` have in common: their options, and what those mean for a server and for a plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from owui_sync.cli.options import Connection, SectionOption, source_of
from owui_sync.errors import UsageError

if TYPE_CHECKING:
    from owui_sync.cli.manifest_options import Manifests
    from owui_sync.client.connect import Server
    from owui_sync.manifest.config import Connection as Known
    from owui_sync.manifest.config import Target
    from owui_sync.plan.planner import Options
    from owui_sync.plan.safety import Threshold

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--take-over", {"is_flag": True, "help": "Take objects over that belong to another stack."}),
    ("--no-delete", {"is_flag": True, "help": "Delete nothing."}),
    (
        "--max-delete",
        {
            "metavar": "N|N%",
            "help": "Refuse to delete more objects than this.  [default: 30% once the stack owns 10 or more]",
        },
    ),
    (
        "--message",
        {
            "metavar": "TEXT",
            "help": "For the histories that the server keeps.  [default: the git commit of the manifests]",
        },
    ),
)


def planning_options(function: Function) -> Function:
    """Gives a command `take_over, no_delete, max_delete, message`."""
    for name, settings in reversed(_OPTIONS):
        function = click.option(name, cls=SectionOption, section="Planning", **settings)(function)
    return function


def planning(
    manifests: Manifests,
    only: Sequence[str],
    exclude: Sequence[str],
    take_over: bool,
    no_delete: bool,
    max_delete: str | None,
    message: str | None,
) -> tuple[Options, Threshold | None]:
    """The options of a plan. Raises UsageError for a selection or threshold that makes no sense."""
    from owui_sync.manifest.commit import commit
    from owui_sync.plan.planner import Options
    from owui_sync.plan.safety import Threshold
    from owui_sync.resolve.select import Selection

    if message is None:
        message = commit(manifests.layers) or ""
    selection = Selection.parse(only, exclude)
    threshold = Threshold.parse(max_delete) if max_delete is not None else None
    return Options(selection, take_over, not no_delete, message), threshold


def server_for(connection: Connection, target: Target) -> Server:
    """The server that options and target mean; an option wins over the target.

    Raises:
        UsageError: no URL or no token.
    """
    import os

    from owui_sync.client.connect import Server, find_token

    given = {name for name in ("url", "token", "token_file", "ca_bundle") if getattr(connection, name)}
    known = target.connection(leave_out=given | {"token", "token_file"} if given & {"token", "token_file"} else given)
    url = connection.url or known.url
    if url is None:
        raise UsageError(
            "which server? there is no URL",
            hint="set OWUI_URL, pass --url, or choose a target of owui-sync.yaml with --target",
        )
    token, file, sources = _token(connection, known)
    return Server(
        url=url,
        token=find_token(token, file, os.environ, sources),
        rate=connection.rate,
        connections=connection.parallelism,
        ca_bundle=connection.ca_bundle or known.ca_bundle,
        insecure=connection.insecure,
        **({"timeout": connection.timeout} if connection.timeout else {}),
    )


def _token(connection: Connection, known: Known) -> tuple[str | None, Path | None, tuple[str, str]]:
    """Token and token file of the command line or the environment, else those of the target; and where they are."""
    if connection.token is not None or connection.token_file is not None:
        return connection.token, connection.token_file, (source_of("token"), source_of("token_file"))
    token = known.token.reveal() if known.token else None
    return token, known.token_file, ("`token` of the target", "`token_file` of the target")
