from __future__ import annotations

import io
import json
import sys
from typing import Any

import pytest

from owui_sync.apply.outcome import Status
from owui_sync.errors import OwuiSyncError
from owui_sync.plan.types import Action, Plan
from owui_sync.report.outcome_lines import outcome_lines
from owui_sync.report.reporters import REPORTERS, Reporter, reporter_for
from owui_sync.report.run_report import RunReport
from owui_sync.report.settings import Settings
from owui_sync.run.result import RunResult
from tests.support.samples import change, every_action, field, outcome, plan


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def reporter(format: str = "text", **settings: Any) -> Reporter:
    return reporter_for(format, Settings(**settings))


def shown(capsys: pytest.CaptureFixture[str], plan: Plan, format: str = "text") -> str:
    shows = reporter(format)
    shows.show_plan(plan)
    shows.finish(RunReport("plan"))
    return capsys.readouterr().out


def test_a_pipe_gets_plain_lines_of_any_length(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, plan(change(Action.CREATE, "model/x", field("tags", None, ["t" * 30] * 6))))
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) > 200


def on_a_terminal(monkeypatch: pytest.MonkeyPatch, **settings: Any) -> str:
    with monkeypatch.context() as patch:
        patch.delenv("NO_COLOR", raising=False)
        patch.setenv("TERM", "xterm")
        patch.setenv("COLUMNS", "80")
        patch.setattr(sys, "stdout", terminal := Terminal())
        reporter(**settings).show_plan(every_action())
    return terminal.getvalue()


def test_a_terminal_gets_colours_and_no_line_wider_than_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" in on_a_terminal(monkeypatch)
    plain = on_a_terminal(monkeypatch, no_color=True)
    assert "\x1b" not in plain
    assert max(map(len, plain.splitlines())) <= 80


@pytest.mark.parametrize("format", REPORTERS)
def test_no_secret_is_printed(capsys: pytest.CaptureFixture[str], format: str) -> None:
    text = shown(capsys, every_action(), format)
    assert text
    assert "hunter2" not in text


def test_the_outcome_ends_with_its_counts(capsys: pytest.CaptureFixture[str]) -> None:
    done = outcome((change(Action.CREATE, "model/x"), Status.DONE, None))
    reporter().show_result(RunResult(done, seconds=1.0))
    assert capsys.readouterr().out.splitlines() == [line.text for line in outcome_lines(done, 1.0)]


@pytest.mark.parametrize("format", REPORTERS)
def test_the_plan_that_a_person_decides_on_is_for_people(capsys: pytest.CaptureFixture[str], format: str) -> None:
    text = shown(capsys, every_action())
    reporter(format).preview_plan(every_action(), asks=True)
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ((text, "") if format == "text" else ("", text))


@pytest.mark.parametrize("format", sorted(REPORTERS.keys() - {"text"}))
def test_a_plan_that_nobody_decides_on_is_part_of_the_result_alone(
    capsys: pytest.CaptureFixture[str], format: str
) -> None:
    reporter(format).preview_plan(every_action(), asks=False)
    assert capsys.readouterr() == ("", "")


def test_a_document_is_for_machines_and_its_text_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    reporter("text").show_document({"a": 1}, "one", ["careful"])
    assert capsys.readouterr() == ("one\n", "warning: careful\n")
    reporter("json").show_document({"a": 1}, "one", ["careful"])
    printed = capsys.readouterr()
    assert (json.loads(printed.out), printed.err) == ({"a": 1}, "")


def test_notices_are_left_out_with_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    reporter().notify("waiting")
    reporter(quiet=True).notify("waiting")
    assert capsys.readouterr() == ("", "waiting\n")


def test_quiet_gives_the_last_line_of_a_plan_and_no_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    whole = shown(capsys, every_action()).splitlines()
    quiet = reporter(quiet=True)
    quiet.show_plan(every_action())
    quiet.warn(["one"])
    captured = capsys.readouterr()
    assert (captured.out.splitlines(), captured.err) == (whole[-1:], "")


def test_a_person_who_decides_sees_the_whole_plan_also_when_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    quiet = reporter(quiet=True)
    quiet.preview_plan(every_action(), asks=True)
    assert capsys.readouterr().out == shown(capsys, every_action())
    quiet.preview_plan(every_action(), asks=False)
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_document_is_printed_once(capsys: pytest.CaptureFixture[str]) -> None:
    shows = reporter("json")
    shows.show_document({"a": 1}, "one")
    shows.finish(RunReport("doctor", error=OwuiSyncError("it failed"), exit_code=1))
    assert json.loads(capsys.readouterr().out) == {"a": 1}


def test_a_command_that_fails_prints_why_as_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    reporter("json").finish(RunReport("plan", error=OwuiSyncError("it failed", hint="mend it"), exit_code=1))
    document = json.loads(capsys.readouterr().out)
    assert (document["command"], document["exit_code"]) == ("plan", 1)
    assert document["errors"] == [{"message": "it failed", "where": None, "hint": "mend it"}]
