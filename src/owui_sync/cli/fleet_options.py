"""The options of `owui-sync fleet`, and what they mean for the library."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from owui_sync.cli.connection import NOT_NEGATIVE, POSITIVE
from owui_sync.cli.options import Function, SectionOption, format_option
from owui_sync.cli.planning import Planning
from owui_sync.cli.reports import report_files_option

if TYPE_CHECKING:
    from owui_sync.fleet.instance import Fleet, Instance
    from owui_sync.fleet.unit import Settings

Made = TypeVar("Made")

_FILE = click.Path(path_type=Path, dir_okay=False)

_INSTANCES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--instance", {"multiple": True, "metavar": "GLOB", "help": "Only these instances, by name; repeatable."}),
    (
        "--label",
        {"multiple": True, "metavar": "LABEL=VALUE", "help": "Only instances with this label; repeatable."},
    ),
    ("--exclude-instance", {"multiple": True, "metavar": "GLOB", "help": "Not these instances; repeatable."}),
    ("--shard", {"metavar": "I/N", "help": "Only the I-th of N equal parts of the fleet."}),
)
_PLACE: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "--instances-at-once",
        {
            "type": click.IntRange(1),
            "metavar": "N",
            "default": 16,
            "show_default": True,
            "help": "Instances at the same time, in waves that say nothing.",
        },
    ),
    (
        "--executor",
        {
            "metavar": "PLACE",
            "default": "local",
            "show_default": True,
            "help": "Where the work is done: local, processes[:N], or dask:ADDRESS.",
        },
    ),
    ("--send-secrets", {"is_flag": True, "help": "Send secrets to the workers of Dask, which else need them."}),
)
_SETTINGS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--var", {"multiple": True, "metavar": "N=V", "help": "Set a variable of all instances; repeatable."}),
    ("--var-file", {"multiple": True, "type": _FILE, "help": "YAML file with variables; repeatable, later wins."}),
    ("--allow-outside", {"is_flag": True, "help": "Let tags read files outside the project."}),
    ("--timeout", {"type": POSITIVE, "metavar": "SECONDS", "help": "For one request."}),
    (
        "--parallelism",
        {
            "type": click.IntRange(1),
            "metavar": "N",
            "default": 4,
            "show_default": True,
            "help": "Requests at once to one instance.",
        },
    ),
    (
        "--wait",
        {
            "envvar": "OWUI_WAIT",
            "show_envvar": True,
            "type": NOT_NEGATIVE,
            "metavar": "SECONDS",
            "help": "Wait so long until a server is ready.",
        },
    ),
    ("--rate", {"type": POSITIVE, "metavar": "N", "help": "Requests per second to one instance at most."}),
    (
        "--insecure",
        {"is_flag": True, "help": "Do not check certificates, and send tokens over plain http."},
    ),
)


@dataclass(frozen=True, slots=True)
class InstanceOptions:
    """Which instances the command line chooses."""

    instance: tuple[str, ...]
    label: tuple[str, ...]
    exclude_instance: tuple[str, ...]
    shard: str | None

    def of(self, fleet: Fleet) -> tuple[list[Instance], list[str]]:
        """Return the chosen instances, and warnings. Raises UsageError."""
        from owui_sync.fleet.select import InstanceSelection

        return InstanceSelection.parse(self.instance, self.label, self.exclude_instance, self.shard).of(fleet.instances)


@dataclass(frozen=True, slots=True)
class PlaceOptions:
    """Where the work is done, and how much of it at once."""

    instances_at_once: int
    executor: str
    send_secrets: bool


@dataclass(frozen=True, slots=True)
class SettingsOptions:
    """What the command line says for every instance."""

    var: tuple[str, ...]
    var_file: tuple[Path, ...]
    allow_outside: bool
    timeout: float | None
    parallelism: int
    wait: float | None
    rate: float | None
    insecure: bool

    def settings(self, root: Path, planning: Planning | None = None, lock_timeout: float = 60) -> Settings:
        """Return the settings of each unit of work. Raises UsageError or ManifestError for wrong ones."""
        from owui_sync.fleet.unit import Settings
        from owui_sync.manifest.tags.variables import from_command_line
        from owui_sync.plan.options import Options
        from owui_sync.resolve.select import Selection

        options, threshold = Options(), None
        if planning is not None:
            Selection.parse(planning.only, planning.exclude)
            threshold = planning.threshold
            options = Options(
                take_over=planning.take_over,
                delete=not planning.no_delete,
                message=planning.message or "",
                jobs=not planning.no_jobs,
                claim=planning.claim_stack,
                allow_lockout=planning.allow_lockout,
            )
        return Settings(
            options=options,
            threshold=threshold,
            variables=from_command_line(self.var, self.var_file, root),
            only=planning.only if planning else (),
            exclude=planning.exclude if planning else (),
            allow_outside=self.allow_outside,
            lock_timeout=lock_timeout,
            timeout=self.timeout,
            parallelism=self.parallelism,
            rate=self.rate,
            wait=self.wait,
            insecure=self.insecure,
        )


def file_argument(function: Function) -> Function:
    """`[FILE]`, the fleet; the command gets `file: Path | None`."""
    return click.argument("file", required=False, metavar="[FILE]", type=_FILE)(function)


def instance_options(function: Function) -> Function:
    """`--instance` and so on; the command gets `instances: InstanceOptions`."""
    return _grouped(function, "instances", InstanceOptions, "Instances", _INSTANCES)


def place_options(function: Function) -> Function:
    """`--executor` and so on; the command gets `place: PlaceOptions`."""
    return _grouped(function, "place", PlaceOptions, "Instances", _PLACE)


def settings_options(function: Function) -> Function:
    """`--var`, `--timeout` and so on; the command gets `options: SettingsOptions`."""
    return _grouped(function, "options", SettingsOptions, "Each instance", _SETTINGS)


def report_options(function: Function) -> Function:
    """`--format` and `--report`; the command gets `format: str`."""
    decorated = report_files_option("Write the report to a file too; repeatable.", _formats)(function)
    return format_option("text", "json", "markdown")(decorated)


def _formats() -> Collection[str]:
    from owui_sync.fleet.formats import FORMATS

    return FORMATS


def _grouped(
    function: Function,
    name: str,
    group: Callable[..., Made],
    section: str,
    options: tuple[tuple[str, dict[str, Any]], ...],
) -> Function:
    """Put options on a command, which gets their values as one object."""
    names = [each.name for each in fields(cast(Any, group))]

    @functools.wraps(function)
    def with_group(*args: Any, **kwargs: Any) -> Any:
        values = {each: kwargs.pop(each) for each in names}
        return function(*args, **{name: group(**values)}, **kwargs)

    decorated = cast(Function, with_group)
    for option, settings in reversed(options):
        decorated = click.option(option, cls=SectionOption, section=section, **settings)(decorated)
    return decorated
