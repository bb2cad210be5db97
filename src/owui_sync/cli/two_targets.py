"""The options of commands that talk to two targets of the configuration, and the way from a name to its server."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from owui_sync.cli.connection import FILE, HOW, WHO, Option
from owui_sync.cli.manifest_options import chosen_target
from owui_sync.cli.options import ConnectionOptions, Function, SectionOption
from owui_sync.cli.planning import server_for
from owui_sync.errors import UsageError

if TYPE_CHECKING:
    from owui_sync.client.connect import Server

_OF_BOTH = ("--insecure", "--wait")
"""What may be said of two servers at once; their addresses and tokens are in the configuration."""

_CONFIG: Option = (("--config",), {"type": FILE, "help": "Configuration file; default: ./owui-sync.yaml."})


@dataclass(frozen=True, slots=True)
class TwoTargets:
    """How to reach targets by their names.

    Args:
        config: the configuration; None: that of the current folder.
        connection: how requests are sent, to both of them.
    """

    config: Path | None
    connection: ConnectionOptions

    def server(self, name: str) -> Server:
        """Return the server of a target, with the token of that target and no other.

        Raises:
            ManifestError: there is no such target.
            UsageError: the target does not say where it is, or has no token.
        """
        target = chosen_target(self.config, name)
        written = set(target.raw or ())
        if "url" not in written or not written & {"token", "token_file"}:
            raise UsageError(
                f"target `{name}` needs `url`, and `token` or `token_file`",
                hint="with two servers, OWUI_URL and OWUI_TOKEN do not count: neither server gets the token of the "
                "other",
            )
        return server_for(self.connection, target)


def two_targets_options(function: Function) -> Function:
    """`--config` and how requests are sent; the command gets `targets: TwoTargets`."""
    options = [_CONFIG, *(option for option in WHO if option[0][0] in _OF_BOTH), *HOW]
    names = [option[0][0].removeprefix("--") for option in options[1:]]

    @functools.wraps(function)
    def with_targets(*args: Any, **kwargs: Any) -> Any:
        connection = ConnectionOptions(**{name: kwargs.pop(name) for name in names})
        return function(*args, targets=TwoTargets(kwargs.pop("config"), connection), **kwargs)

    result = cast(Function, with_targets)
    for words, settings in reversed(options):
        result = click.option(*words, cls=SectionOption, section="Connection", **settings)(result)
    return result
