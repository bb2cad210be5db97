"""Reports for people, CI systems and metrics: every instance is named, and nothing of others gets out raw."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from owui_sync.errors import OwuiSyncError
from owui_sync.fleet import formats
from owui_sync.fleet.report import FleetReport, exit_code, merge, parse_report
from owui_sync.fleet.rollout import WaveResult
from owui_sync.fleet.unit import Command, InstanceReport, Status
from owui_sync.report.markdown import LIMIT
from owui_sync.report.settings import ReportFile
from owui_sync.values import Json

NASTY = "</script><img src=x onerror=alert(1)>\x1b[31m@everyone"


def change(key: str) -> Json:
    field = {"path": "content", "before": NASTY, "after": "b", "cause": "drift"}
    return {"action": "update", "kind": "prompt", "key": key, "fields": [field]}


def report(count: int = 3) -> FleetReport:
    found = FleetReport(Command.APPLY)
    for number in range(count):
        changes = (change(NASTY), change("b"))
        found.add(
            InstanceReport(
                f"school-{number:04}", Status.CHANGED, summary={"update": 2}, changes=changes, review_digest="d"
            )
        )
    problem = {"message": f"no: {NASTY}", "where": "GET /api", "hint": None}
    found.add(InstanceReport("broken", Status.FAILED, 5, problems=(problem, problem)))
    found.add(InstanceReport("gone", Status.UNREACHABLE, 69, problems=(problem,), warnings=(NASTY,)))
    found.end_waves([WaveResult("rest", 5, ("broken",), ("broken",), ("last",), "1 of 5 failed")])
    return found


@pytest.mark.parametrize("format", [name for name in formats.FORMATS if name != "gitlab"])
def test_every_format_names_what_failed_and_lets_nothing_through_raw(format: str, tmp_path: Path) -> None:
    formats.write(report().document(), [ReportFile(format, tmp_path / "new" / "report")])
    text = (tmp_path / "new" / "report").read_text(encoding="utf-8")
    assert {"broken", "gone"} <= set(re.findall(r"\w+", text))
    assert "\x1b" not in text
    if format == "html":
        assert "<img" not in text
        assert "http" not in text.replace("http-equiv", "")
    assert list((tmp_path / "new").iterdir()) == [tmp_path / "new" / "report"]


def test_instances_that_failed_alike_are_told_once() -> None:
    found = FleetReport(Command.PLAN)
    problem = {"message": "the secret `KEY` is not set", "where": None, "hint": None}
    for number in range(20):
        found.add(InstanceReport(f"school-{number}", Status.FAILED, 1, problems=(problem,)))
    text = formats.FORMATS["text"](found.document())
    assert text.count("the secret `KEY` is not set") == 1
    assert all(f"school-{number}" in text for number in range(20))
    assert "(20 instances) failed" in formats.FORMATS["markdown"](found.document())


def test_equal_changes_are_one_group() -> None:
    (group,) = report().document()["groups"]
    assert group["instances"] == ["school-0000", "school-0001", "school-0002"]


def test_markdown_of_a_thousand_failures_fits_a_comment() -> None:
    found = report(2000)
    for number in range(1000):
        problem = {"message": NASTY * 5, "where": None, "hint": None}
        found.add(InstanceReport(f"bad-{number}", Status.FAILED, 1, problems=(problem, problem)))
    assert len(formats.FORMATS["markdown"](found.document())) <= LIMIT


def test_junit_counts_what_failed_and_what_was_not_started() -> None:
    (suite,) = ElementTree.fromstring(formats.FORMATS["junit"](report().document()))
    assert (suite.get("tests"), suite.get("errors"), suite.get("skipped")) == ("6", "2", "1")


def test_gitlab_gets_the_changes_of_all_instances() -> None:
    assert json.loads(formats.FORMATS["gitlab"](report().document())) == {"create": 0, "update": 6, "delete": 0}


def test_metrics_are_lines_of_a_name_labels_and_a_number() -> None:
    text = formats.FORMATS["prometheus"](report().document())
    for line in text.splitlines():
        assert re.fullmatch(r'# (HELP|TYPE) \w+ .*|\w+\{(\w+="[\w.-]*",?)+\} [\d.]+', line), line


@pytest.mark.parametrize(
    ("status", "detailed", "code"),
    [
        (Status.UNCHANGED, True, 0),
        (Status.CHANGED, False, 0),
        (Status.CHANGED, True, 2),
        (Status.FAILED, True, 3),
        (Status.UNREACHABLE, False, 3),
    ],
)
def test_the_worst_instance_decides_on_the_exit_code(status: Status, detailed: bool, code: int) -> None:
    found = FleetReport(Command.PLAN)
    found.add(InstanceReport("good", Status.UNCHANGED))
    found.add(InstanceReport("other", status))
    assert exit_code(found.document(), detailed=detailed) == code


def test_a_later_report_counts_more() -> None:
    first, second = FleetReport(Command.APPLY), FleetReport(Command.APPLY)
    first.add(InstanceReport("a", Status.FAILED, 1))
    first.add(InstanceReport("b", Status.CHANGED))
    second.add(InstanceReport("a", Status.CHANGED))
    earlier = {**first.document(), "created_at": "2026-01-01T00:00:00+00:00"}
    merged = merge([second.document(), earlier])
    assert {name: each["status"] for name, each in merged["instances"].items()} == {"a": "changed", "b": "changed"}


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"instances": {}},
        {"format": 2, "instances": {}, "groups": []},
        {"format": 1, "instances": [], "groups": []},
        {"format": 1, "instances": {"a": {"status": "odd"}}, "groups": []},
    ],
)
def test_what_is_no_report_is_refused(document: object) -> None:
    with pytest.raises(OwuiSyncError):
        parse_report(document, "report.json")
