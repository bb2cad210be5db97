"""The options that say what is reported of a plan, and in which files."""

from __future__ import annotations

from pathlib import Path

import click

from owui_sync.cli.options import OutputPath, SectionOption, set_setting
from owui_sync.errors import UsageError
from owui_sync.report.settings import ReportFile, Settings


def _add_reports(context: click.Context, param: click.Parameter, values: tuple[str, ...]) -> None:
    from owui_sync.report.reporters import REPORTERS

    for value in values:
        format, separator, path = value.partition("=")
        if not separator or not path or format not in REPORTERS:
            formats = ", ".join(REPORTERS)
            raise UsageError(f"--report: {value!r} is not FORMAT=FILE", hint=f"formats: {formats}")
        file = OutputPath(dir_okay=False, path_type=Path).convert(path, param, context)
        context.find_root().ensure_object(Settings).reports += (ReportFile(format, file),)


report_option = click.option(
    "--report",
    metavar="FORMAT=FILE",
    multiple=True,
    expose_value=False,
    callback=_add_reports,
    cls=SectionOption,
    section="Output",
    help="Also write a report as text, json, markdown, html, gitlab, junit or prometheus, even if the run is "
    "refused or fails; repeatable.",
)
"""Sets `Settings.reports`."""

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


def _junit(context: click.Context, param: click.Parameter, value: Path | None) -> None:
    if value:
        context.find_root().ensure_object(Settings).reports += (ReportFile("junit", value),)


junit_option = click.option(
    "--junit",
    type=OutputPath(path_type=Path, dir_okay=False),
    expose_value=False,
    callback=_junit,
    metavar="FILE",
    cls=SectionOption,
    section="Output",
    help="The same as --report junit=FILE.",
)
"""Adds to `Settings.reports`."""
