from __future__ import annotations

import io
import json

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.errors import Diagnostic, ManifestError, OwuiSyncError
from owui_sync.report.errors import print_error, print_warnings
from owui_sync.report.logs import set_up_logging
from tests.support.words import numbers_in


def shown(error: OwuiSyncError) -> list[str]:
    stream = io.StringIO()
    print_error(error, stream)
    return stream.getvalue().splitlines()


def test_an_error_says_what_where_and_what_to_do(golden: SnapshotAssertion) -> None:
    error = ManifestError("unknown field temprature", where="models.yaml:12:3", hint="did you mean temperature?")
    what, where, help = shown(error)
    assert what.endswith("unknown field temprature")
    assert where.endswith("models.yaml:12:3")
    assert help.endswith("did you mean temperature?")
    assert [what, where, help] == golden


def test_several_problems_are_numbered_and_counted(golden: SnapshotAssertion) -> None:
    first, where, second, count = shown(ManifestError.of([Diagnostic("one", "a:1:1"), Diagnostic("two")]))
    assert [numbers_in(line) for line in (first, second, count)] == [["1"], ["2"], ["2"]]
    assert [first.split()[-1], where.split()[-1], second.split()[-1]] == ["one", "a:1:1", "two"]
    assert [first, where, second, count] == golden


def test_messages_of_several_lines_are_indented(golden: SnapshotAssertion) -> None:
    first, second = shown(OwuiSyncError("first\nsecond"))
    assert first.endswith("first")
    assert second == f"    {second.strip()}"
    assert [first, second] == golden


def test_words_of_a_server_cannot_drive_the_terminal(golden: SnapshotAssertion) -> None:
    lines = shown(OwuiSyncError("\x1b[2J", where="\x07", hint="\x9b"))
    assert all(line.isprintable() for line in lines)
    assert [line.split()[-1] for line in lines] == ["\\x1b[2J", "\\x07", "\\x9b"]
    assert lines == golden


def test_warnings_are_lines(golden: SnapshotAssertion) -> None:
    stream = io.StringIO()
    print_warnings(["one", "two"], stream)
    assert [line.split()[-1] for line in stream.getvalue().splitlines()] == ["one", "two"]
    assert stream.getvalue() == golden


def test_no_warnings_print_nothing() -> None:
    stream = io.StringIO()
    print_warnings([], stream)
    assert stream.getvalue() == ""


def test_with_json_logs_problems_and_warnings_are_records(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(0, "json")
    stream = io.StringIO()
    print_error(ManifestError("one", where="a:1:1"), stream, log_format="json")
    print_warnings(["careful"], stream, log_format="json")
    assert stream.getvalue() == ""
    error, warning = map(json.loads, capsys.readouterr().err.splitlines())
    assert (error["level"], error["message"], error["where"]) == ("error", "one", "a:1:1")
    assert (warning["level"], warning["message"]) == ("warning", "careful")
