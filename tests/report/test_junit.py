from __future__ import annotations

from xml.etree import ElementTree

from owui_sync.apply.outcome import Status
from owui_sync.jobs.outcome import JobResult, Verdict
from owui_sync.report.junit import junit
from owui_sync.report.run_report import RunReport
from owui_sync.run.result import RunResult
from tests.support.jobs import chat_job, result
from tests.support.samples import outcome, plan


def of_jobs(*results: JobResult) -> str:
    return junit(RunReport("run", plan(), RunResult(outcome(), results)))


UNMET = Verdict("contains", "reset", False, "the answer does not have it")


def test_what_is_not_met_is_a_failure_and_what_broke_is_an_error() -> None:
    results = [
        result(chat_job("good")),
        result(chat_job("bad"), Status.FAILED, UNMET, error="not as expected"),
        result(chat_job("broken"), Status.FAILED, error="no such model"),
        result(chat_job("late"), Status.SKIPPED, error="it needs bad"),
    ]
    suite = ElementTree.fromstring(of_jobs(*results)).find("testsuite")
    assert suite is not None
    assert {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "4",
        "failures": "1",
        "errors": "1",
        "skipped": "1",
    }
    good, bad, broken, late = suite.findall("testcase")
    assert "https://chat.example.com/c/c1" in (good.findtext("system-out") or "")
    assert "expected contains: reset" in (bad.findtext("failure") or "")
    assert "no such model" in (broken.findtext("error") or "")
    assert late.find("skipped") is not None


def test_answers_with_control_characters_stay_valid_xml() -> None:
    text = of_jobs(result(chat_job("a"), text="a\x00b\x1b<&>]]>"))
    assert "<&>]]>" in (ElementTree.fromstring(text).findtext(".//system-out") or "")
