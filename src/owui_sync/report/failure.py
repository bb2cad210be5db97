"""The document of a command that failed before it had another one."""

from __future__ import annotations

from operator import attrgetter

from owui_sync import __version__
from owui_sync.plan.file.document import FORMAT, PROBLEM
from owui_sync.plan.file.table import Codec, Key, Record, count, several, shown, text
from owui_sync.report.run_report import RunReport
from owui_sync.values import Json

FAILURE = Record(
    "failure",
    "Why a command ended without a plan or a result.",
    (
        shown("format", Codec({"const": FORMAT, "description": "Version of this format."}), lambda _: FORMAT),
        shown("tool", text("Version of owui-sync."), lambda _: __version__),
        Key("command", text("The command, such as `plan`.")),
        Key("exit_code", count("What it ended with.")),
        shown("errors", several(PROBLEM, "All that is wrong."), attrgetter("error.problems")),
    ),
)


def failure_document(report: RunReport) -> Json:
    """Return what `--format json` prints where a command fails."""
    return FAILURE.dump(report)
