"""The files of `--report`."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from owui_sync.errors import Diagnostic, OwuiSyncError
from owui_sync.plan.refusals import RefusedPlan
from owui_sync.report.files import write_reports
from owui_sync.report.reporters import REPORTERS
from owui_sync.report.run_report import RunReport
from owui_sync.report.settings import ReportFile, Settings
from owui_sync.run.result import RunResult
from tests.support.samples import every_action, whole_outcome, whole_plan

ERROR = OwuiSyncError("the server answered <no>", where="GET /api", hint="try again")
NAME = r'[a-z_]+\{[a-z_]+="(?:[^"\\]|\\.)*"(?:,[a-z_]+="(?:[^"\\]|\\.)*")*\} -?\d+(?:\.\d+)?'


def written(tmp_path: Path, report: RunReport, format: str) -> str:
    path = tmp_path / "out" / format
    write_reports(report, Settings(reports=(ReportFile(format, path),)))
    return path.read_text(encoding="utf-8") if path.exists() else ""


@pytest.mark.parametrize("format", REPORTERS)
def test_no_secret_is_written_and_nothing_is_left_beside_the_file(tmp_path: Path, format: str) -> None:
    assert "hunter2" not in written(tmp_path, RunReport("plan", every_action()), format)
    assert [path.name for path in (tmp_path / "out").iterdir()] == [format]


@pytest.mark.parametrize("format", sorted(REPORTERS.keys() - {"gitlab", "prometheus"}))
def test_a_run_that_failed_says_why_in_every_format(tmp_path: Path, format: str) -> None:
    text = written(tmp_path, RunReport("plan", error=ERROR, exit_code=1), format)
    assert "the server answered" in text
    assert "try again" in text


def test_a_plan_that_is_not_there_is_no_plan_without_changes(tmp_path: Path) -> None:
    written(tmp_path, RunReport("plan", every_action()), "gitlab")
    assert written(tmp_path, RunReport("plan", error=ERROR), "gitlab") == ""


def test_gitlab_counts_a_replace_as_a_delete_and_a_create(tmp_path: Path) -> None:
    assert json.loads(written(tmp_path, RunReport("plan", whole_plan()), "gitlab")) == {
        "create": 3,
        "update": 3,
        "delete": 2,
    }


def refused() -> RunReport:
    plan = replace(every_action(), refusals=(Diagnostic("it deletes too much", None, "pass --max-delete 9"),))
    return RunReport("apply", plan, error=RefusedPlan(plan), exit_code=5)


def test_a_refused_plan_is_shown_with_the_refusal(tmp_path: Path) -> None:
    for format in ("text", "markdown", "json", "junit"):
        text = written(tmp_path, refused(), format)
        assert "it deletes too much" in text
        assert "old-triage" in text


def cases(tmp_path: Path, report: RunReport) -> dict[str, Any]:
    suite = ElementTree.fromstring(written(tmp_path, report, "junit")).find("testsuite")
    assert suite is not None
    return {
        case.attrib["name"]: next((part.tag for part in case if part.tag != "system-out"), "passed") for case in suite
    }


def test_in_junit_drift_is_a_failure_and_other_changes_pass(tmp_path: Path) -> None:
    found = cases(tmp_path, RunReport("plan", every_action()))
    assert (found["support-bot"], found["faq"]) == ("failure", "passed")


def test_in_junit_what_failed_is_an_error_and_what_was_skipped_is_skipped(tmp_path: Path) -> None:
    outcome = whole_outcome()
    found = cases(tmp_path, RunReport("apply", outcome.plan, RunResult(outcome)))
    assert (found["faq"], found["fork"], found["support-bot"]) == ("error", "skipped", "passed")


def test_metrics_are_in_the_text_format_of_prometheus(tmp_path: Path) -> None:
    outcome = whole_outcome()
    outcome = replace(outcome, plan=replace(outcome.plan, stack='a"b\\c'))
    report = RunReport("apply", outcome.plan, RunResult(outcome), None, 3, 1.5, 1_700_000_000.25)
    lines = written(tmp_path, report, "prometheus").splitlines()
    samples = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(NAME, line) for line in samples)
    assert 'owui_sync_run_exit_code{command="apply",stack="a\\"b\\\\c",target=""} 3' in samples
    assert 'owui_sync_apply_changes_total{stack="a\\"b\\\\c",target="",status="failed"} 1' in samples
    assert any(line.startswith("owui_sync_drifted_objects{") and line.endswith(" 1") for line in samples)


def test_a_disk_that_takes_no_file_is_an_error_and_the_other_files_are_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    files = (ReportFile("json", tmp_path / "file" / "a.json"), ReportFile("text", tmp_path / "b.txt"))
    with pytest.raises(OwuiSyncError, match="cannot write the report"):
        write_reports(RunReport("plan", every_action()), Settings(reports=files))
    assert (tmp_path / "b.txt").exists()
