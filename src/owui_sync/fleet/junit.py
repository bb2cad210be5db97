"""The report of a fleet as JUnit XML, which CI systems show: an instance is a test case."""

from __future__ import annotations

from xml.etree import ElementTree

from owui_sync.fleet.text import problem_words
from owui_sync.fleet.unit import DONE, Status
from owui_sync.report import junit
from owui_sync.values import Json


def report_junit(document: Json) -> str:
    """Return the document."""
    counts = document["totals"]
    words = {
        "name": f"owui-sync fleet {document['command']}",
        "tests": str(counts["instances"]),
        "errors": str(counts["failed"] + counts["unreachable"]),
        "skipped": str(counts["not_started"]),
        "failures": "0",
        "time": f"{sum(each['seconds'] for each in document['instances'].values()):.3f}",
    }
    suite = ElementTree.Element("testsuite", words)
    for name, each in document["instances"].items():
        _case(suite, f"fleet.{document['command']}", name, each)
    return junit.document([suite])


def _case(suite: ElementTree.Element, group: str, name: str, each: Json) -> None:
    words = {"classname": group, "name": name, "time": f"{each['seconds']:.3f}"}
    case = ElementTree.SubElement(suite, "testcase", words)
    if each["status"] in DONE:
        return
    problems = each.get("error", {}).get("problems", ())
    tag = "skipped" if each["status"] == Status.NOT_STARTED else "error"
    message = problems[0]["message"] if problems else each["status"]
    element = ElementTree.SubElement(case, tag, {"message": junit.clean(message)})
    element.text = junit.clean("\n".join(map(problem_words, problems)))
