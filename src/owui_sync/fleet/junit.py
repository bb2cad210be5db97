"""The report of a fleet as JUnit XML, which CI systems show: an instance is a test case."""

from __future__ import annotations

from owui_sync.fleet.text import problem_words
from owui_sync.fleet.unit import DONE, Status
from owui_sync.report.junit import Case, document, suite
from owui_sync.values import Json


def report_junit(report: Json) -> str:
    """Return the XML of a fleet's report."""
    command = report["command"]
    cases = [_case(name, each) for name, each in report["instances"].items()]
    return document([suite(f"owui-sync fleet {command}", f"fleet.{command}", cases)])


def _case(name: str, instance: Json) -> Case:
    if instance["status"] in DONE:
        return Case("", name, instance["seconds"])
    problems = instance.get("error", {}).get("problems", ())
    result = "skipped" if instance["status"] == Status.NOT_STARTED else "error"
    message = problems[0]["message"] if problems else instance["status"]
    return Case("", name, instance["seconds"], result, message, "\n".join(map(problem_words, problems)))
