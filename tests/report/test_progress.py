from __future__ import annotations

import io

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.apply.outcome import Event, Failure, Finished, Progressed, Result, Started, Status
from owui_sync.kinds.write import Progress
from owui_sync.plan.types import Action
from owui_sync.report.progress import progress
from tests.support.samples import change
from tests.support.words import numbers_in

TRIAGE = change(Action.CREATE, "prompt/tri\x1bage")
BOT = change(Action.UPDATE, "model/bot")
EVENTS: list[Event] = [
    Started(TRIAGE),
    Finished(Result(TRIAGE, Status.DONE, 0.12), 1, 10),
    Started(BOT),
    Finished(Result(BOT, Status.FAILED, 0.2, Failure("no such [red]base[/red]", 400)), 2, 10),
    Finished(Result(BOT, Status.SKIPPED, 0, Failure("needs group/x")), 3, 10),
]


def shown(*, terminal: bool | None = None, quiet: bool = False, total: int = 10) -> str:
    stream = io.StringIO()
    with progress(total, stream, terminal, quiet) as listen:
        for event in EVENTS:
            listen(event)
    return stream.getvalue()


def test_without_a_terminal_each_change_that_was_tried_is_a_line(golden: SnapshotAssertion) -> None:
    done, failed = shown().splitlines()
    assert "+ prompt/tri\\x1bage " in done
    assert "~ model/bot " in failed
    assert failed.endswith("no such [red]base[/red]")
    assert (numbers_in(done)[:2], numbers_in(failed)[:2]) == (["1", "10"], ["2", "10"])
    assert [done, failed] == golden


@pytest.mark.parametrize("terminal", [True, False])
def test_quiet_shows_nothing(terminal: bool) -> None:
    assert shown(terminal=terminal, quiet=True) == ""


def test_nothing_to_do_shows_nothing() -> None:
    assert shown(total=0) == ""


def test_on_a_terminal_failures_stay_above_a_bar_with_the_objects_in_hand() -> None:
    output = shown(terminal=True)
    failed = shown().splitlines()[1].partition("] ")[2]
    assert f"{failed}\n" in output
    assert "prompt/tri" not in output.replace("prompt/tri\\x1bage", "")


def test_a_live_display_leaves_stdout_alone(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    with progress(1, stream, terminal=True):
        print("document")
    assert capsys.readouterr().out == "document\n"
    assert "document" not in stream.getvalue()


BASE = change(Action.UPDATE, "knowledge/k")
FILES: list[Event] = [
    Started(BASE),
    Progressed(BASE, Progress(0, 3, 0, 3000)),
    Progressed(BASE, Progress(1, 3, 1000, 3000, "a.md", "uploaded")),
    Progressed(BASE, Progress(2, 3, 2000, 3000, "b.md", "failed")),
    Progressed(BASE, Progress(3, 3, 2000, 3000, "c.md", "removed")),
    Finished(Result(BASE, Status.FAILED, 0.2, Failure("1 file was refused")), 1, 1),
]


def of_files(monkeypatch: pytest.MonkeyPatch, *, terminal: bool = False, each_file: bool = False) -> str:
    """What is shown when two seconds go by before each event."""
    stream, seconds = io.StringIO(), iter(range(0, 1000, 2))
    monkeypatch.setattr("owui_sync.report.file_progress.monotonic", lambda: next(seconds))
    with progress(1, stream, terminal, each_file=each_file) as listen:
        for event in FILES:
            listen(event)
    return stream.getvalue()


def test_without_a_terminal_files_are_a_line_now_and_then_and_failures_are_named(
    monkeypatch: pytest.MonkeyPatch, golden: SnapshotAssertion
) -> None:
    failed, count, end = of_files(monkeypatch).splitlines()
    assert failed.split()[:2] == ["knowledge/k", "b.md"]
    assert numbers_in(count)[:4] == ["3", "3", "2.0", "3.0"]
    assert "~ knowledge/k " in end
    assert end.endswith("1 file was refused")
    assert [failed, count, end] == golden


def test_verbose_names_each_file(monkeypatch: pytest.MonkeyPatch, golden: SnapshotAssertion) -> None:
    lines = of_files(monkeypatch, each_file=True).splitlines()
    assert [line.split()[:2] for line in lines[:3]] == [["knowledge/k", f"{name}.md"] for name in "abc"]
    assert lines == golden


def test_on_a_terminal_a_file_that_failed_stays_above_the_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    output = of_files(monkeypatch, terminal=True)
    assert "  knowledge/k  b.md failed\n" in output
    assert "a.md" not in output
