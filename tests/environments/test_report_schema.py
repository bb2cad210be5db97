"""The published schema of the reports of `test` and `rehearse`, and golden reports of each form."""

from __future__ import annotations

import json
from operator import attrgetter
from pathlib import Path

import jsonschema
import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.environments.checks import Check, CheckStatus
from owui_sync.environments.gate import GateReport
from owui_sync.environments.rehearsal import RehearsalReport
from owui_sync.environments.upgrade import (
    ComparedAnswer,
    Impossible,
    KeptObject,
    MigratedField,
    MigratedObject,
)
from owui_sync.errors import Diagnostic
from owui_sync.plan.types import Action, Cause, FieldChange
from owui_sync.report.gate import gate_document, gate_junit, gate_lines, gate_markdown
from owui_sync.report.rehearsal import rehearsal_junit, rehearsal_lines, rehearsal_markdown
from owui_sync.report.rehearsal_document import rehearsal_document
from owui_sync.report.schema import REPORT_FILE, report_schema
from owui_sync.report.settings import ReportFile
from owui_sync.report.written import ReportForms
from owui_sync.values import Secret
from tests.support.samples import every_action

GATE = ReportForms("test", attrgetter("review"), gate_lines, gate_markdown, gate_document, gate_junit)
REHEARSAL = ReportForms(
    "rehearse", attrgetter("plan"), rehearsal_lines, rehearsal_markdown, rehearsal_document, rehearsal_junit
)
PROBLEM = Diagnostic("group/Support: the server says no", "manifests/people.yaml:3:5", "leave it out")


@pytest.fixture
def tested() -> GateReport:
    checks = (
        Check("manifests", CheckStatus.PASSED, "valid (objects: 2, jobs: 0)", 0.1),
        Check("former state", CheckStatus.SKIPPED, "main (abc1234) has no manifests here", 0.2),
        Check("apply", CheckStatus.FAILED, "1 changed, 0 unchanged", 2.0, (PROBLEM,), 3),
    )
    return GateReport(
        checks,
        "support",
        "0.12.4",
        "main (abc1234)",
        every_action(),
        every_action(),
        assumed=("group/Suport",),
        warnings=("a warning",),
    )


@pytest.fixture
def rehearsed() -> RehearsalReport:
    def field(path: str, wanted: object, now: object, settled: bool = True) -> MigratedField:
        return MigratedField("model/bot", FieldChange(path, now, wanted, Cause.DRIFT), settled)

    return RehearsalReport(
        "0.12.4",
        (Check("apply after", CheckStatus.FAILED, "2 changed, then the plan is not empty", 1.0, (PROBLEM,), 1),),
        "0.6.43",
        "support",
        (KeptObject("group/Support", 3), KeptObject("model/bot", 4)),
        (
            field("params.temperature", 0.2, 1.0),
            field("system", "Be brief.", None, settled=False),
            field("key", Secret("hush", {"$secret": "KEY"}), None),
        ),
        (MigratedObject("prompt/triage", Action.ADOPT), MigratedObject("note/List", Action.CREATE, settled=False)),
        (Impossible("0.12.4", PROBLEM),),
        (ComparedAnswer("smoke", None, None),),
        ("a note",),
        every_action(),
    )


def test_the_committed_schema_is_fresh() -> None:
    committed = Path(__file__).parents[2] / "schemas" / REPORT_FILE
    assert json.loads(committed.read_text(encoding="utf-8")) == report_schema(), "run make schemas"
    jsonschema.Draft7Validator.check_schema(report_schema())


def test_the_documents_are_as_the_schema_says(tested: GateReport, rehearsed: RehearsalReport) -> None:
    for document in (
        gate_document(tested),
        gate_document(GateReport()),
        rehearsal_document(rehearsed),
        rehearsal_document(RehearsalReport("0.12.4")),
    ):
        jsonschema.validate(json.loads(json.dumps(document)), report_schema())
        assert "hush" not in json.dumps(document)


@pytest.mark.parametrize("format", ["text", "markdown", "html", "junit"])
def test_the_report_of_a_test(tested: GateReport, format: str, tmp_path: Path, golden: SnapshotAssertion) -> None:
    GATE.save(tested, [ReportFile(format, tmp_path / "report")])
    assert (tmp_path / "report").read_text(encoding="utf-8") == golden


@pytest.mark.parametrize("format", ["text", "markdown", "html", "junit"])
def test_the_report_of_a_rehearsal(
    rehearsed: RehearsalReport, format: str, tmp_path: Path, golden: SnapshotAssertion
) -> None:
    REHEARSAL.save(rehearsed, [ReportFile(format, tmp_path / "report")])
    assert (tmp_path / "report").read_text(encoding="utf-8") == golden


def _metrics(text: str) -> dict[str, str]:
    return dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))


def test_the_metrics_are_those_of_every_run_and_one_for_each_step(
    tested: GateReport, rehearsed: RehearsalReport, tmp_path: Path
) -> None:
    path = tmp_path / "report"
    GATE.save(tested, [ReportFile("prometheus", path)])
    metrics = _metrics(path.read_text(encoding="utf-8"))
    run = 'command="test",stack="support",target=""'
    assert metrics[f"owui_sync_run_exit_code{{{run}}}"] == "3"
    assert metrics[f"owui_sync_run_duration_seconds{{{run}}}"] == "2.3"
    steps = {name: value for name, value in metrics.items() if name.startswith("owui_sync_step_passed")}
    assert steps == {
        f'owui_sync_step_passed{{{run},step="manifests",server_version="0.12.4"}}': "1",
        f'owui_sync_step_passed{{{run},step="apply",server_version="0.12.4"}}': "0",
    }
    REHEARSAL.save(rehearsed, [ReportFile("prometheus", path)])
    assert 'owui_sync_run_exit_code{command="rehearse",stack="support",target=""} 1' in path.read_text()


def test_gitlab_counts_the_plan_and_gets_no_file_without_one(tested: GateReport, tmp_path: Path) -> None:
    path = tmp_path / "report"
    GATE.save(tested, [ReportFile("gitlab", path)])
    assert json.loads(path.read_text()) == {"create": 3, "update": 2, "delete": 2}
    GATE.save(GateReport(), [ReportFile("gitlab", path)])
    assert not path.exists()
