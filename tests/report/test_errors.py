from __future__ import annotations

import io
import json

import pytest

from owui_sync.errors import ManifestError, OwuiSyncError, Problem
from owui_sync.report.errors import print_error, print_warnings
from owui_sync.report.logs import set_up_logging


def shown(error: OwuiSyncError) -> list[str]:
    stream = io.StringIO()
    print_error(error, stream)
    return stream.getvalue().splitlines()


def test_an_error_says_what_where_and_what_to_do() -> None:
    error = ManifestError("unknown field temprature", where="models.yaml:12:3", hint="did you mean temperature?")
    assert shown(error) == [
        "error: unknown field temprature",
        "  at models.yaml:12:3",
        "  help: did you mean temperature?",
    ]


def test_several_problems_are_numbered_and_counted() -> None:
    assert shown(ManifestError.of([Problem("one", "a:1:1"), Problem("two")])) == [
        "error 1: one",
        "  at a:1:1",
        "error 2: two",
        "2 errors",
    ]


def test_messages_of_several_lines_are_indented() -> None:
    assert shown(OwuiSyncError("first\nsecond")) == ["error: first", "    second"]


def test_words_of_a_server_cannot_drive_the_terminal() -> None:
    assert shown(OwuiSyncError("\x1b[2J", where="\x07", hint="\x9b"))[0] == "error: \\x1b[2J"


def test_warnings_are_lines() -> None:
    stream = io.StringIO()
    print_warnings(["one", "two"], stream)
    assert stream.getvalue() == "warning: one\nwarning: two\n"


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
