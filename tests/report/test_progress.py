from __future__ import annotations

import io

import pytest

from owui_sync.apply.outcome import Event, Failure, Finished, Result, Started, Status
from owui_sync.plan.types import Action
from owui_sync.report.progress import progress
from tests.report.samples import change

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


def test_without_a_terminal_each_change_that_was_tried_is_a_line() -> None:
    assert shown().splitlines() == [
        "[ 1/10] + prompt/tri\\x1bage  done 0.1 s",
        "[ 2/10] ~ model/bot  failed: no such [red]base[/red]",
    ]


@pytest.mark.parametrize("terminal", [True, False])
def test_quiet_shows_nothing(terminal: bool) -> None:
    assert shown(terminal=terminal, quiet=True) == ""


def test_nothing_to_do_shows_nothing() -> None:
    assert shown(total=0) == ""


def test_on_a_terminal_failures_stay_above_a_bar_with_the_objects_in_hand() -> None:
    output = shown(terminal=True)
    assert "~ model/bot  failed: no such [red]base[/red]\n" in output
    assert "prompt/tri" not in output.replace("prompt/tri\\x1bage", "")


def test_a_live_display_leaves_stdout_alone(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    with progress(1, stream, terminal=True):
        print("document")
    assert capsys.readouterr().out == "document\n"
    assert "document" not in stream.getvalue()
