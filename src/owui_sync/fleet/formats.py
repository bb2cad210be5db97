"""The formats of a fleet's report, by name, and how one gets into a file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from owui_sync.errors import OwuiSyncError
from owui_sync.fleet.html import report_html
from owui_sync.fleet.junit import report_junit
from owui_sync.fleet.markdown import report_markdown
from owui_sync.fleet.prometheus import report_prometheus
from owui_sync.fleet.text import report_lines, status_lines
from owui_sync.report.lines import Line
from owui_sync.report.visible import dumps
from owui_sync.values import Json


def lines(document: Json, *, brief: bool = False) -> Iterator[Line]:
    """Return the lines of a report for people."""
    return status_lines(document) if document["command"] == "status" else report_lines(document, brief=brief)


def _text(document: Json) -> str:
    return "\n".join(line.text for line in lines(document)) + "\n"


def _gitlab(document: Json) -> str:
    """Return the counts that GitLab shows in a merge request, over all instances; a replace counts twice."""
    counts: Counter[str] = Counter()
    for each in document["instances"].values():
        counts.update(each["summary"])
    update = counts["update"] + counts["adopt"] + counts["move"]
    create, delete = counts["create"] + counts["replace"], counts["delete"] + counts["replace"]
    return json.dumps({"create": create, "update": update, "delete": delete}) + "\n"


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


def write(format: str, path: Path, document: Json) -> None:
    """Write a report to a file, which has all of it or what it had before.

    Raises:
        OwuiSyncError: it cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(FORMATS[format](document), encoding="utf-8", newline="")
        part.replace(path)
    except OSError as error:
        raise OwuiSyncError(f"the report cannot be written to {path}: {error.strerror}") from None
