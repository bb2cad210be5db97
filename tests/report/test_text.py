from __future__ import annotations

import io

import pytest

from owui_sync.apply.outcome import Status
from owui_sync.plan.types import Action
from owui_sync.report.outcome_lines import outcome_lines
from owui_sync.report.text import print_outcome, print_plan
from tests.support.samples import change, every_action, field, outcome, plan


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    return Terminal()


def test_a_pipe_gets_plain_lines_of_any_length() -> None:
    stream = io.StringIO()
    print_plan(plan(change(Action.CREATE, "model/x", field("tags", None, ["t" * 30] * 6))), stream)
    assert "\x1b" not in stream.getvalue()
    assert max(map(len, stream.getvalue().splitlines())) > 200


def test_a_terminal_gets_colours_and_no_line_wider_than_itself(terminal: Terminal) -> None:
    print_plan(every_action(), terminal)
    assert "\x1b[" in terminal.getvalue()
    plain = Terminal()
    print_plan(every_action(), plain, no_color=True)
    assert "\x1b" not in plain.getvalue()
    assert max(map(len, plain.getvalue().splitlines())) <= 80


def test_no_secret_is_printed() -> None:
    stream = io.StringIO()
    print_plan(every_action(), stream)
    assert "(secret)" in stream.getvalue()
    assert "hunter2" not in stream.getvalue()


def test_the_outcome_ends_with_its_counts() -> None:
    stream, done = io.StringIO(), outcome((change(Action.CREATE, "model/x"), Status.DONE, None))
    print_outcome(done, 1.0, stream)
    assert stream.getvalue().splitlines() == [line.text for line in outcome_lines(done, 1.0)]
