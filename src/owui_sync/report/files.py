"""The files of `--report`: each is replaced as a whole, so that nobody reads half of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from owui_sync.errors import Diagnostic, OwuiSyncError
from owui_sync.inputs import real, write_output
from owui_sync.report.reporters import reporter_for
from owui_sync.report.run_report import RunReport
from owui_sync.report.settings import ReportFile, Settings


def write_reports(report: RunReport, settings: Settings) -> None:
    """Write the report of a run to the files of `--report`. Raises OwuiSyncError as `write_files` does."""
    write_files(settings.reports, lambda format: reporter_for(format, settings).render(report))


def write_files(files: Iterable[ReportFile], text_of: Callable[[str], str | None]) -> None:
    """Write files, each in its format. One that has nothing to say is removed: it would be of an earlier run.

    Args:
        files: format and path of each.
        text_of: gives the report in a format, or None where there is nothing that a file could hold.

    Raises:
        OwuiSyncError: the disk does not take a file; the others are written all the same.
    """
    problems: list[Diagnostic] = []
    for file in files:
        try:
            _replace(file.path, text_of(file.format))
        except OSError as error:
            problems += OwuiSyncError(f"cannot write the report {file.path}: {error.strerror}").problems
    if problems:
        raise OwuiSyncError.of(problems)


def _replace(path: Path, text: str | None) -> None:
    if text is None:
        if path.is_file():
            real(path).unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    write_output(path, text)
