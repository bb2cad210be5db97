"""The options of every command that reads manifests, and the way from them to `Desired`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from owui_sync.cli.options import SectionOption, completing

if TYPE_CHECKING:
    from owui_sync.manifest.config import Target
    from owui_sync.manifest.desired import Desired

Function = TypeVar("Function", bound=Callable[..., Any])

_FILE = click.Path(path_type=Path, dir_okay=False)

_OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--var", {"multiple": True, "metavar": "N=V", "help": "Set a variable to a YAML scalar; repeatable."}),
    ("--var-file", {"multiple": True, "type": _FILE, "help": "YAML file with variables; repeatable, later files win."}),
    ("--config", {"type": _FILE, "help": "Configuration file; default: ./owui-sync.yaml."}),
    (
        "--target",
        {
            "envvar": "OWUI_TARGET",
            "show_envvar": True,
            "metavar": "NAME",
            "shell_complete": completing("targets"),
            "help": "Target in the configuration.",
        },
    ),
    ("--allow-outside", {"is_flag": True, "help": "Allow tags to read files outside the project."}),
)


def manifest_options(command: Function) -> Function:
    """Return a command `paths, var, var_file, config, target, allow_outside`: what `read_manifests` takes."""
    return click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))(
        reading_options(command)
    )


def reading_options(command: Function) -> Function:
    """Return the same without `paths`, for commands whose arguments are something else."""
    for name, settings in reversed(_OPTIONS):
        command = click.option(name, cls=SectionOption, section="Manifests", **settings)(command)
    return command


@dataclass(frozen=True, slots=True)
class Manifests:
    """What a command line asks for.

    Args:
        desired: the manifests.
        target: what the configuration says of the target; without a configuration, nothing but the layers.
        layers: the paths that were read, for `manifest.commit.commit`.
    """

    desired: Desired
    target: Target
    layers: tuple[Path, ...]


def chosen_target(config: Path | None, target: str | None) -> Target:
    """Return the target that `--config` and `--target` (or their defaults) mean; also for commands without manifests.

    Raises:
        ManifestError: the configuration is wrong, or has no such target.
    """
    from owui_sync.manifest.config import Config, find, load_config

    path = config or find(Path.cwd())
    return (load_config(path) if path else Config()).target(target)


def read_manifests(
    paths: Sequence[Path],
    var: Sequence[str],
    var_file: Sequence[Path],
    config: Path | None,
    target: str | None,
    allow_outside: bool,
    *,
    allow_missing_secrets: bool = False,
    names_only: bool = False,
    secret: Callable[[str], str] | None = None,
) -> Manifests:
    """Read what the options of `manifest_options` name.

    Args:
        allow_missing_secrets: as for `manifest.load.load`.
        names_only: no secret is read: the result only says where which one is named.
        secret: gives the text of a secret by its name; None: from the environment.

    Raises:
        ManifestError: with all problems of the manifests, or those of the configuration.
        UsageError: `--var` is not N=V.
    """
    from owui_sync.manifest.load import load
    from owui_sync.manifest.tags.environment import read_secret
    from owui_sync.manifest.tags.variables import from_command_line

    chosen = chosen_target(config, target)
    layers = tuple(paths) or chosen.require_layers()
    desired = load(
        layers,
        variables=from_command_line(var, var_file, chosen.root),
        target_variables=chosen.variables,
        root=chosen.root,
        allow_outside=allow_outside,
        stack=chosen.stack,
        allow_missing_secrets=allow_missing_secrets,
        secret=(lambda name: name) if names_only else secret or read_secret,
    )
    return Manifests(desired, chosen, layers)
