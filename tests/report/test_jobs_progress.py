from __future__ import annotations

import io

from owui_sync.apply.outcome import Status
from owui_sync.jobs.outcome import JobEvent, JobFinished, JobStep
from owui_sync.report.jobs_progress import jobs_progress
from tests.support.jobs import chat_job, result

EVENTS: list[JobEvent] = [
    JobStep("a", "answers question 1", 1, 2, "gpt-4.1"),
    JobStep("a", "answers question 2", 2, 2, "gpt-4.1", 42),
    JobFinished(result(chat_job("a"), Status.FAILED, error="no such model")),
]


def shown(terminal: bool, quiet: bool = False) -> str:
    stream = io.StringIO()
    with jobs_progress(stream, terminal, quiet, no_color=True) as listen:
        for event in EVENTS:
            listen(event)
    return stream.getvalue()


def test_without_a_terminal_each_step_is_a_line() -> None:
    assert shown(terminal=False).splitlines() == [
        "> job/a  [1/2] answers question 1, gpt-4.1",
        "> job/a  [2/2] answers question 2, gpt-4.1, 42 tokens",
        "> job/a  failed 2.0 s: no such model",
    ]


def test_a_live_display_leaves_nothing_behind_but_escapes() -> None:
    assert "no such model" not in shown(terminal=True)


def test_quiet_shows_nothing() -> None:
    assert shown(terminal=False, quiet=True) == ""
