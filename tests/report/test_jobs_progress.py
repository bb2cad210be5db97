from __future__ import annotations

import asyncio
import io

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.apply.outcome import Status
from owui_sync.jobs.outcome import JobEvent, JobFinished, JobStep
from owui_sync.report.jobs_progress import jobs_progress
from tests.support.jobs import chat_job, result
from tests.support.words import numbers_in

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


def test_without_a_terminal_each_step_is_a_line(golden: SnapshotAssertion) -> None:
    first, second, end = lines = shown(terminal=False).splitlines()
    assert all(line.startswith("> job/a ") for line in lines)
    assert "gpt-4.1" in first
    assert numbers_in(second) == ["2", "2", "2", "4.1", "42"]
    assert "no such model" in end
    assert lines == golden


def test_a_live_display_leaves_nothing_behind_but_escapes() -> None:
    assert "no such model" not in shown(terminal=True)


def test_quiet_shows_nothing() -> None:
    assert shown(terminal=False, quiet=True) == ""


def test_a_job_that_is_waited_for_is_told_of_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("jobs_progress", "pulse"):
        monkeypatch.setattr(f"owui_sync.report.{module}.SECONDS", 0.01)
    stream = io.StringIO()

    async def main() -> None:
        with jobs_progress(stream, terminal=False, no_color=True) as listen:
            listen(EVENTS[0])
            await asyncio.sleep(0.1)
            listen(EVENTS[2])
            told = len(stream.getvalue())
            await asyncio.sleep(0.03)
            assert len(stream.getvalue()) == told

    asyncio.run(main())
    assert "> job/a  [1/2] answers question 1, gpt-4.1, still waiting after 0.0 s" in stream.getvalue()
