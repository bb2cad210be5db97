"""How far files are, on a stream."""

from __future__ import annotations

import io

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.kinds.write import Progress
from owui_sync.report.file_bar import saving
from tests.support.words import numbers_in


class Terminal(io.StringIO):
    """A stream that a person reads."""

    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, *, quiet: bool = False) -> str:
    """What is shown of ten files, of which one is done every second."""
    seconds = iter(range(1000))
    monkeypatch.setattr("owui_sync.report.file_progress.monotonic", lambda: next(seconds))
    with saving(stream, quiet) as tell:
        for count in range(1, 11):
            tell("knowledge/k", Progress(count, 10, count * 1000, 10_000))
    return stream.getvalue()


def test_without_a_terminal_there_is_a_line_now_and_then(
    monkeypatch: pytest.MonkeyPatch, golden: SnapshotAssertion
) -> None:
    lines = shown(monkeypatch, io.StringIO()).splitlines()
    assert 1 <= len(lines) <= 5
    assert all(numbers_in(line)[1] == "10" for line in lines)
    assert lines == golden


def test_on_a_terminal_there_is_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert "10/10 files" in shown(monkeypatch, Terminal())


def test_quiet_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, io.StringIO(), quiet=True) == ""
