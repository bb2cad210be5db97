"""The files of `--report`: each is replaced as a whole, so that nobody reads half of one."""

from __future__ import annotations

from pathlib import Path

from owui_sync.errors import Diagnostic, OwuiSyncError
from owui_sync.report.reporters import reporter_for
from owui_sync.report.run_report import RunReport
from owui_sync.report.settings import Settings


def write_reports(report: RunReport, settings: Settings) -> None:
    """Write the files of `--report`. One that has nothing to say is removed: it would be of an earlier run.

    Raises:
        OwuiSyncError: the disk does not take a file; the others are written all the same.
    """
    problems: list[Diagnostic] = []
    for file in settings.reports:
        try:
            _replace(file.path, reporter_for(file.format, settings).render(report))
        except OSError as error:
            problems += OwuiSyncError(f"cannot write the report {file.path}: {error.strerror}").problems
    if problems:
        raise OwuiSyncError.of(problems)


def _replace(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.tmp")
    part.write_text(text, encoding="utf-8", newline="")
    part.replace(path)
