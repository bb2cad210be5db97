from __future__ import annotations

from dataclasses import replace

from syrupy.assertion import SnapshotAssertion

from owui_sync.apply.outcome import Status
from owui_sync.jobs.outcome import Verdict
from owui_sync.report.jobs_lines import jobs_lines, known_lines
from owui_sync.report.markdown import outcome_markdown, plan_markdown
from owui_sync.report.plan_lines import plan_lines
from tests.support.jobs import chat_job, due, result
from tests.support.samples import outcome, plan
from tests.support.words import numbers_in

UNMET = Verdict("contains", "reset", False, "the answer does not have it")
RESULTS = [
    result(chat_job("good")),
    result(chat_job("bad"), Status.FAILED, UNMET, error="the answer is not as expected", text="No\x1b[31m."),
    result(chat_job("broken"), Status.FAILED, error="no such model"),
    result(chat_job("late"), Status.SKIPPED, error="it needs bad, which did not succeed"),
]


def text() -> str:
    return "\n".join(line.text for line in jobs_lines(RESULTS))


def test_failed_jobs_say_what_was_missing_or_what_broke_and_all_are_counted(golden: SnapshotAssertion) -> None:
    bad, broken = text().partition("job/broken")[::2]
    assert f"{UNMET.check} {UNMET.wanted}" in bad
    assert UNMET.reason in bad
    assert "│ No\\x1b[31m." in bad
    assert "no such model" in broken
    assert "look at it" in broken
    assert "it needs bad, which did not succeed" in broken.partition("job/late")[2]
    assert numbers_in(text().splitlines()[-1]) == ["1", "2", "1"]
    assert text() == golden


def test_the_plan_says_which_jobs_are_due_and_why(golden: SnapshotAssertion) -> None:
    due_plan = replace(plan(), jobs=(due(chat_job("smoke"), "its prompt changed"),))
    lines = [line.text for line in plan_lines(due_plan, 100)]
    assert [line for line in lines if "> job/smoke" in line and "its prompt changed" in line]
    markdown = plan_markdown(due_plan)
    assert "job/smoke" in markdown
    assert "its prompt changed" in markdown
    assert ["\n".join(lines), markdown] == golden


def test_markdown_shows_failed_jobs_first_with_their_answers(golden: SnapshotAssertion) -> None:
    markdown = outcome_markdown(outcome(), 1.0, RESULTS)
    assert sorted(("job/bad", "job/good"), key=markdown.index) == ["job/bad", "job/good"]
    assert f"{UNMET.check} {UNMET.wanted}" in markdown
    assert markdown == golden


def test_known_jobs_are_rows_with_state_time_tokens_and_link(golden: SnapshotAssertion) -> None:
    row = {
        **dict.fromkeys(("started_at", "finished_at", "seconds", "tokens", "chat_url", "error", "due")),
        "name": "a",
        "state": "never ran",
    }
    ran = {**row, "name": "b", "state": "failed", "finished_at": "now", "seconds": 2.0, "tokens": 3, "error": "broke"}
    lines = [line.text for line in known_lines([row, ran])]
    assert "never ran" in lines[0]
    assert "now" in lines[1]
    assert numbers_in(lines[1]) == ["2.0", "3"]
    assert lines[2].strip() == "broke"
    [none] = known_lines([])
    assert [*lines, none.text] == golden
