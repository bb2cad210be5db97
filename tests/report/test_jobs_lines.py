from __future__ import annotations

from owui_sync.apply.outcome import Status
from owui_sync.jobs.outcome import Verdict
from owui_sync.report.jobs_lines import jobs_lines, known_lines
from owui_sync.report.markdown import outcome_markdown, plan_markdown
from owui_sync.report.plan_lines import plan_lines
from tests.support.jobs import chat_job, due, result
from tests.support.samples import outcome, plan

UNMET = Verdict("contains", "reset", False, "the answer does not have it")
RESULTS = [
    result(chat_job("good")),
    result(chat_job("bad"), Status.FAILED, UNMET, error="the answer is not as expected", text="No\x1b[31m."),
    result(chat_job("broken"), Status.FAILED, error="no such model"),
    result(chat_job("late"), Status.SKIPPED, error="it needs bad, which did not succeed"),
]


def text() -> str:
    return "\n".join(line.text for line in jobs_lines(RESULTS))


def test_a_failed_job_shows_what_was_missing_and_the_answer() -> None:
    assert "expected contains reset: the answer does not have it" in text()
    assert "│ No\\x1b[31m." in text()


def test_an_error_is_said_with_what_to_do() -> None:
    assert "no such model" in text()
    assert "help: look at it" in text()


def test_skipped_jobs_say_why_and_all_are_counted() -> None:
    assert "job/late  skipped: it needs bad, which did not succeed" in text()
    assert text().endswith("Jobs: 1 done, 2 failed, 1 skipped")


def test_the_plan_says_which_jobs_are_due_and_why() -> None:
    from dataclasses import replace

    due_plan = replace(plan(), jobs=(due(chat_job("smoke"), "its prompt changed"),))
    lines = [line.text for line in plan_lines(due_plan, 100)]
    assert any("> job/smoke" in line and "due: its prompt changed" in line for line in lines)
    assert lines[-1].endswith("1 job to run.")
    markdown = plan_markdown(due_plan)
    assert "### Jobs to run" in markdown
    assert "1 job to run" in markdown


def test_markdown_shows_failed_jobs_first_with_their_answers() -> None:
    markdown = outcome_markdown(outcome(), 1.0, RESULTS)
    assert markdown.index("### Jobs that failed") < markdown.index("### Jobs\n")
    assert "NOT MET: contains reset" in markdown


def test_known_jobs_are_rows_with_state_time_tokens_and_link() -> None:
    row = {
        **dict.fromkeys(("started_at", "finished_at", "seconds", "tokens", "chat_url", "error", "due")),
        "name": "a",
        "state": "never ran",
    }
    ran = {**row, "name": "b", "state": "failed", "finished_at": "now", "seconds": 2.0, "tokens": 3, "error": "broke"}
    lines = [line.text for line in known_lines([row, ran])]
    assert "never ran" in lines[0]
    assert "now, 2.0 s, 3 tokens" in lines[1]
    assert lines[2].strip() == "broke"
    assert next(iter(known_lines([]))).text == "the manifests have no jobs"
