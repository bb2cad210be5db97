from __future__ import annotations

import json
import logging

import pytest

from owui_sync.report.logs import LogFormat, set_up_logging

logger = logging.getLogger("owui_sync.apply")


def logged(capsys: pytest.CaptureFixture[str], verbosity: int, form: LogFormat = "text", quiet: bool = False) -> str:
    set_up_logging(verbosity, form, quiet=quiet)
    logger.debug("every request")
    logger.info("what is done")
    logger.warning("careful")
    logger.error("broken")
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("verbosity", "quiet", "lines"), [(0, False, 2), (1, False, 3), (2, False, 4), (5, False, 4), (0, True, 1)]
)
def test_verbosity_chooses_what_is_logged(
    capsys: pytest.CaptureFixture[str], verbosity: int, quiet: bool, lines: int
) -> None:
    assert len(logged(capsys, verbosity, quiet=quiet).splitlines()) == lines


def test_a_second_set_up_replaces_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(2, "json")
    assert logged(capsys, 0).count("careful") == 1


def test_json_logs_are_objects_with_their_extras(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(1, "json")
    logger.info("sent %s", "GET /x", extra={"seconds": 0.5, "where": None})
    (line,) = capsys.readouterr().err.splitlines()
    entry = json.loads(line)
    assert entry.pop("time").endswith("+00:00")
    assert entry == {"level": "info", "logger": "owui_sync.apply", "message": "sent GET /x", "seconds": 0.5}


def test_json_logs_keep_a_traceback_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(0, "json")
    try:
        raise ValueError("x")
    except ValueError:
        logger.exception("broken")
    (line,) = capsys.readouterr().err.splitlines()
    assert "ValueError: x" in json.loads(line)["traceback"]


def test_text_logs_cannot_drive_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(0, "text")
    logger.warning("\x1b[2J")
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize("name", ["httpx", "httpcore"])
def test_libraries_below_stay_silent(capsys: pytest.CaptureFixture[str], name: str) -> None:
    set_up_logging(2, "text")
    logging.getLogger(name).error("GET https://host/?token=x")
    assert capsys.readouterr().err == ""
