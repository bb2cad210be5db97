"""`owui-sync show`: a saved plan in another format, without a server."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from owui_sync.cli.options import (
    Command,
    OutputPath,
    current_settings,
    format_option,
)
from owui_sync.cli.reports import full_diff_option, show_unchanged_option
from owui_sync.cli.saved_plan import read_document
from owui_sync.errors import OwuiSyncError, StalePlan
from owui_sync.report.settings import ReportFile


@click.command(cls=Command, name="show")
@click.argument("plan", metavar="PLAN.json", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--out", type=OutputPath(path_type=Path, dir_okay=False), help="Write to this file instead.")
@format_option("text", "json", "markdown", "html", "gitlab")
@show_unchanged_option
@full_diff_option
def command(plan: Path, out: Path | None, format: str) -> int:
    """Show a saved plan.

    Needs no server, no token and no secrets. Texts of files below the current folder are shown if they are still as
    they were planned.

    Exit codes: 0 done; 1 the plan cannot be read, or was edited; 64 wrong usage.
    """
    from owui_sync.manifest.plan_inputs import offline_sources
    from owui_sync.plan.file.load import load_plan
    from owui_sync.report.files import write_reports
    from owui_sync.report.reporters import reporter_for
    from owui_sync.report.run_report import RunReport

    warnings: list[str] = []
    try:
        loaded = load_plan(read_document(plan), offline_sources(Path.cwd(), warnings))
    except StalePlan as error:
        raise OwuiSyncError.of(error.problems) from None
    settings = current_settings()
    reporter, report = reporter_for(format, settings), RunReport("plan", loaded)
    if out:
        write_reports(report, replace(settings, reports=(ReportFile(format, out),)))
    else:
        reporter.show_plan(loaded)
        reporter.finish(report)
    refused = [f"this plan is refused: {problem.message}" for problem in loaded.refusals]
    reporter.warn((*loaded.warnings, *warnings, *refused))
    return 0
