"""The formats of a fleet's report, by name, and how it gets into files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from owui_sync.fleet.html import report_html
from owui_sync.fleet.junit import report_junit
from owui_sync.fleet.markdown import report_markdown
from owui_sync.fleet.prometheus import report_prometheus
from owui_sync.fleet.text import report_lines, status_lines
from owui_sync.report.files import write_files
from owui_sync.report.lines import Line
from owui_sync.report.reporters.gitlab import widget_counts
from owui_sync.report.settings import ReportFile
from owui_sync.report.visible import dumps
from owui_sync.values import Json


def lines(document: Json, *, brief: bool = False) -> Iterator[Line]:
    """Return the lines of a report for people."""
    return status_lines(document) if document["command"] == "status" else report_lines(document, brief=brief)


def _text(document: Json) -> str:
    return "\n".join(line.text for line in lines(document)) + "\n"


def _gitlab(document: Json) -> str:
    """Return the counts that GitLab shows in a merge request, over all instances."""
    counts: Counter[str] = Counter()
    for each in document["instances"].values():
        counts.update(each["summary"])
    return widget_counts(lambda action: counts[action])


FORMATS: dict[str, Callable[[Json], str]] = {
    "text": _text,
    "json": dumps,
    "markdown": report_markdown,
    "html": report_html,
    "junit": report_junit,
    "prometheus": report_prometheus,
    "gitlab": _gitlab,
}
"""Name of each format -> what makes a text of a report."""


def write(document: Json, files: Iterable[ReportFile]) -> None:
    """Write a report to files. Raises OwuiSyncError where it cannot be written."""
    write_files(files, lambda format: FORMATS[format](document))
