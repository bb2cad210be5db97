"""The options that say what is reported, and in which files."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

import click

from owui_sync.cli.options import Function, OutputPath, SectionOption, set_setting
from owui_sync.errors import UsageError
from owui_sync.report.settings import ReportFile, Settings

_FILE = OutputPath(dir_okay=False, path_type=Path)


def _formats_of_plans() -> Collection[str]:
    from owui_sync.report.reporters import REPORTERS

    return REPORTERS


def report_files_option(
    help: str, formats: Callable[[], Collection[str]] = _formats_of_plans
) -> Callable[[Function], Function]:
    """`--report FORMAT=FILE`, which adds to `Settings.reports`.

    Args:
        help: what its help says.
        formats: gives the formats that the command can write; called when the option is used.
    """

    def add(context: click.Context, param: click.Parameter, values: tuple[str, ...]) -> None:
        for value in values:
            format, _, path = value.partition("=")
            if not path or format not in formats():
                hint = f"formats: {', '.join(formats())}"
                raise UsageError(f"--report: {value!r} is not FORMAT=FILE", hint=hint)
            _add(context, format, _FILE.convert(path, param, context))

    return click.option(
        "--report",
        metavar="FORMAT=FILE",
        multiple=True,
        expose_value=False,
        callback=add,
        cls=SectionOption,
        section="Output",
        help=help,
    )


report_option = report_files_option(
    "Also write a report as text, json, markdown, html, gitlab, junit or prometheus, even if the run is refused or "
    "fails; repeatable."
)
"""`--report` for what plans something; sets `Settings.reports`."""

full_diff_option = click.option(
    "--full-diff",
    is_flag=True,
    expose_value=False,
    callback=set_setting,
    cls=SectionOption,
    section="Output",
    help="Show every line that differs.",
)
"""Sets `Settings.full_diff`."""

show_unchanged_option = click.option(
    "--show-unchanged",
    is_flag=True,
    expose_value=False,
    callback=set_setting,
    cls=SectionOption,
    section="Output",
    help="Also list unchanged objects.",
)
"""Sets `Settings.show_unchanged`."""


def _add_junit(context: click.Context, param: click.Parameter, value: Path | None) -> None:
    if value:
        _add(context, "junit", value)


junit_option = click.option(
    "--junit",
    type=_FILE,
    expose_value=False,
    callback=_add_junit,
    metavar="FILE",
    cls=SectionOption,
    section="Output",
    help="The same as --report junit=FILE.",
)
"""Adds to `Settings.reports`."""


def _add(context: click.Context, format: str, path: Path) -> None:
    context.find_root().ensure_object(Settings).reports += (ReportFile(format, path),)
