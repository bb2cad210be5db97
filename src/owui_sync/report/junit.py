"""JUnit XML: a change or a job is a test case, and what failed says why.

In a plan, changes are cases that passed, with what differs as their output; drift is a failure, and what stops a run is
an error. In an apply, what failed is an error and what was not tried is skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from owui_sync.apply.outcome import Failure, Outcome, Status
from owui_sync.errors import OwuiSyncError
from owui_sync.jobs.outcome import JobResult
from owui_sync.plan.types import Cause, Change
from owui_sync.report.fields import field_lines
from owui_sync.report.lines import Line
from owui_sync.report.run_report import RunReport
from owui_sync.report.visible import visible_lines

_WIDTH = 100
"""Columns in which fields are arranged."""
_KINDS = {"failure": "failures", "error": "errors", "skipped": "skipped"}
"""Element of a case -> the attribute of a suite that counts it."""


@dataclass(frozen=True, slots=True)
class Case:
    """A test case.

    Args:
        group: the last part of `classname`; empty where the suite says all of it.
        result: `failure`, `error` or `skipped`; empty for one that passed.
        message: one sentence for the result.
        text: more about the result.
        output: what it printed, so to speak.
        type: the type of a failure.
    """

    group: str
    name: str
    seconds: float = 0.0
    result: str = ""
    message: str = ""
    text: str = ""
    output: str = ""
    type: str = ""


def junit(report: RunReport) -> str:
    """Return the document of a plan, or of what came of it."""
    stack = report.plan.stack if report.plan else ""
    name = f"owui-sync {report.command} {stack}".strip()
    suites = []
    if report.result:
        if report.result.outcome.results or not report.result.jobs:
            suites.append(suite(name, stack, _changes(report.result.outcome)))
        if report.result.jobs:
            suites.append(jobs_suite(stack, report.result.jobs))
    elif report.plan:
        suites.append(suite(name, stack, [*map(_planned, report.plan.changes), *_errors(report.error)]))
    else:
        suites.append(suite(name, "owui-sync", _errors(report.error)))
    return document(suites)


def document(suites: Iterable[ElementTree.Element]) -> str:
    """Return the XML of some suites."""
    root = ElementTree.Element("testsuites")
    root.extend(suites)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def jobs_suite(stack: str, results: Sequence[JobResult]) -> ElementTree.Element:
    """Return the suite of some jobs; `stack` gives it its name."""
    return suite(f"owui-sync {stack}", stack, map(_job, results))


def suite(name: str, group: str, cases: Iterable[Case]) -> ElementTree.Element:
    """Return the suite of some cases; `group` is what their `classname` begins with."""
    cases = list(cases)
    counts = {words: sum(case.result == result for case in cases) for result, words in _KINDS.items()}
    attributes = {"name": _clean(name), "tests": str(len(cases))}
    attributes |= {attribute: str(count) for attribute, count in counts.items()}
    attributes["time"] = f"{sum(case.seconds for case in cases):.3f}"
    element = ElementTree.Element("testsuite", attributes)
    for case in cases:
        _add(element, group, case)
    return element


def _add(suite: ElementTree.Element, group: str, case: Case) -> None:
    classname = _clean(f"{group}.{case.group}" if case.group else group)
    names = {"classname": classname, "name": _clean(case.name), "time": f"{case.seconds:.3f}"}
    element = ElementTree.SubElement(suite, "testcase", names)
    if case.result:
        attributes = {"message": _clean(case.message)} | ({"type": case.type} if case.type else {})
        result = ElementTree.SubElement(element, case.result, attributes)
        result.text = _clean(case.text) or None
    if case.output:
        ElementTree.SubElement(element, "system-out").text = _clean(case.output)


def _planned(change: Change) -> Case:
    lines = _text(field_lines(change, _WIDTH))
    output = "\n".join(filter(None, (change.action.value, change.reason, lines)))
    if any(field.cause is Cause.DRIFT for field in change.fields):
        message = "it was changed on the server"
        return Case(change.kind, change.key, result="failure", message=message, output=output, type="drift")
    return Case(change.kind, change.key, output=output)


def _errors(error: OwuiSyncError | None) -> Iterator[Case]:
    for number, problem in enumerate(error.problems if error else (), 1):
        name = problem.where or f"problem {number}"
        yield Case("run", name, result="error", message=problem.message, text=problem.hint or "")


def _changes(outcome: Outcome) -> Iterator[Case]:
    for result in outcome.results:
        change, error = result.change, result.error
        output = "\n".join(filter(None, (change.action.value, change.reason)))
        kind = "skipped" if result.status is Status.SKIPPED else "error" if error else ""
        message, text = error.detail if error else "", "\n".join(_why(error))
        yield Case(change.kind, change.key, result.seconds, kind, message, text if kind == "error" else "", output)
    if outcome.unrecorded:
        why = outcome.unrecorded
        yield Case("inventory", "record", 0.0, "error", why.detail, "\n".join(_why(why)))


def _job(result: JobResult) -> Case:
    """Return a job. JUnit calls it a failure when an expectation is not met, and an error without an answer."""
    unmet = [f"expected {v.check}: {v.wanted} ({v.reason or 'not met'})" for v in result.verdicts if not v.met]
    kinds = {Status.SKIPPED: "skipped", Status.FAILED: "failure" if unmet else "error"}
    return Case(
        result.due.job.type,
        result.name,
        result.seconds,
        kinds.get(result.status, ""),
        result.error.detail if result.error else "",
        "\n".join(unmet or _why(result.error)) if result.status is Status.FAILED else "",
        "\n\n".join(filter(None, (result.chat_url, result.answered.text))),
    )


def _why(error: Failure | None) -> Sequence[str]:
    if error is None:
        return []
    request = [f"{error.request} -> {error.status}"] if error.request else []
    return [*request, error.detail, *([f"help: {error.hint}"] if error.hint else [])]


def _text(lines: Iterable[Line]) -> str:
    return "\n".join(line.text for line in lines)


def _clean(text: str) -> str:
    """Return the text without the characters that XML cannot have."""
    return visible_lines(text)
