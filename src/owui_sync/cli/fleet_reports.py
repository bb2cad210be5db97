"""The reports of `owui-sync fleet`: from files, and onto the screen."""

from __future__ import annotations

from pathlib import Path

from owui_sync.cli.options import current_reporter, current_settings
from owui_sync.errors import OwuiSyncError
from owui_sync.fleet import formats
from owui_sync.fleet.report import parse_report
from owui_sync.inputs import PLAN, read_input
from owui_sync.report.out import say
from owui_sync.values import Json, load_json


def read_report(path: Path) -> Json:
    """Return the report in a file. Raises OwuiSyncError for one that is none."""
    try:
        return parse_report(load_json(read_input(path, PLAN)), str(path))
    except OSError as error:
        raise OwuiSyncError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise OwuiSyncError(f"{path} is not JSON: {error}") from None


def show(document: Json, format: str) -> None:
    """Print a report in the format of `--format`."""
    if format == "text":
        brief = current_settings().quiet
        current_reporter().show_document(document, list(formats.lines(document, brief=brief)))
    else:
        say(formats.FORMATS[format](document))
