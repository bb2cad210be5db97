"""Jobs as JUnit XML, which CI systems show: a job is a test case, what failed says what was missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree import ElementTree

from owui_sync.apply.outcome import Status
from owui_sync.jobs.outcome import JobResult
from owui_sync.report.visible import visible_lines


def junit(stack: str, results: Sequence[JobResult]) -> str:
    """The document.

    Args:
        stack: gives the suite its name.
        results: the jobs that were to run.
    """
    return document([jobs_suite(stack, results)])


def document(suites: Iterable[ElementTree.Element]) -> str:
    """Return the XML of some suites."""
    root = ElementTree.Element("testsuites")
    root.extend(suites)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def jobs_suite(stack: str, results: Sequence[JobResult]) -> ElementTree.Element:
    """Return the suite of some jobs; arguments as for `junit`."""
    counts = {
        "tests": len(results),
        "failures": sum(_is_failure(result) for result in results),
        "errors": sum(result.status is Status.FAILED and not _is_failure(result) for result in results),
        "skipped": sum(result.status is Status.SKIPPED for result in results),
    }
    words = {name: str(count) for name, count in counts.items()}
    words |= {"name": f"owui-sync {stack}", "time": f"{sum(result.seconds for result in results):.3f}"}
    suite = ElementTree.Element("testsuite", words)
    for result in results:
        _case(suite, stack, result)
    return suite


def _is_failure(result: JobResult) -> bool:
    """JUnit calls it a failure when an expectation is not met, and an error when there was no answer to look at."""
    return any(not verdict.met for verdict in result.verdicts)


def _case(suite: ElementTree.Element, stack: str, result: JobResult) -> None:
    names = {"classname": f"{stack}.{result.due.job.type}", "name": result.name, "time": f"{result.seconds:.3f}"}
    case = ElementTree.SubElement(suite, "testcase", names)
    detail = result.error.detail if result.error else ""
    if result.status is Status.SKIPPED:
        ElementTree.SubElement(case, "skipped", {"message": clean(detail)})
    elif result.status is Status.FAILED:
        tag = "failure" if _is_failure(result) else "error"
        element = ElementTree.SubElement(case, tag, {"message": clean(detail)})
        element.text = clean("\n".join(_why(result)))
    if result.chat_url or result.answered.text:
        out = ElementTree.SubElement(case, "system-out")
        out.text = clean("\n\n".join(filter(None, (result.chat_url, result.answered.text))))


def _why(result: JobResult) -> list[str]:
    unmet = [f"expected {v.check}: {v.wanted} ({v.reason or 'not met'})" for v in result.verdicts if not v.met]
    error = result.error
    request = [f"{error.request} -> {error.status}"] if error and error.request else []
    hint = [f"help: {error.hint}"] if error and error.hint else []
    return unmet or [*request, *([error.detail] if error else []), *hint]


def clean(text: str) -> str:
    """The text without the characters that XML cannot have."""
    return visible_lines(text)
