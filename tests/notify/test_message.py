"""What a message says, and what it never says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from owui_sync.apply.outcome import Failure, Status
from owui_sync.errors import OwuiSyncError, UnsafePlan
from owui_sync.notify.message import BODIES, MOST, events_of, message_of, run_url
from owui_sync.plan.types import Action, Cause
from owui_sync.report.run_report import RunReport
from owui_sync.run.result import RunResult
from tests.support.samples import change, every_action, field, outcome, plan

BOT = change(Action.UPDATE, "model/bot", field("system", "old", "new", Cause.DRIFT))
TEXT = "You are a helper of the secret service."
FAILED = outcome(
    (change(Action.CREATE, "prompt/a", field("content", None, TEXT)), Status.DONE, None),
    (change(Action.CREATE, "prompt/b`<!channel>&", field("content", None, TEXT)), Status.FAILED, Failure(TEXT, 400)),
)


def report(**more: Any) -> RunReport:
    return RunReport("apply", target="prod", **more)


@pytest.mark.parametrize(
    ("told", "events"),
    [
        (report(plan=plan()), ()),
        (report(plan=every_action(), exit_code=2), ("drift",)),
        (report(plan=plan(BOT), exit_code=5, error=UnsafePlan("no")), ("failed", "drift")),
        (report(plan=FAILED.plan, result=RunResult(FAILED), exit_code=3), ("failed", "applied")),
        (report(exit_code=69, error=OwuiSyncError("no")), ("failed",)),
        (report(plan=FAILED.plan, exit_code=130), ()),
        (report(plan=FAILED.plan, result=RunResult(FAILED), exit_code=130), ("failed", "applied")),
    ],
)
def test_a_run_is_failed_has_found_drift_or_has_applied_something(told: RunReport, events: tuple[str, ...]) -> None:
    assert events_of(told) == events


@pytest.mark.parametrize("format", BODIES)
def test_no_value_no_secret_and_no_words_of_an_error_are_told(format: str) -> None:
    for told in (
        report(plan=every_action()),
        report(plan=FAILED.plan, result=RunResult(FAILED), exit_code=3),
        report(exit_code=1, error=OwuiSyncError(TEXT)),
    ):
        text = json.dumps(BODIES[format](message_of(told, {})))
        assert TEXT not in text
        assert "hunter2" not in text
        assert "prod" in text


def test_the_message_counts_and_names_what_failed_first() -> None:
    message = message_of(report(plan=FAILED.plan, result=RunResult(FAILED), exit_code=3, ended_at=0.0), {})
    assert message["events"] == ["failed", "applied"]
    assert (message["reason"], message["ended_at"]) == ("partial", "1970-01-01T00:00:00+00:00")
    assert message["plan"]["create"] == 2
    assert message["result"] == {"done": 1, "failed": 1, "skipped": 0}
    assert [row["status"] for row in message["changes"]] == ["failed", "done"]
    title, counts, result = message["text"].split("\n")
    assert title.startswith("owui-sync apply failed (partial) and made changes: target prod, stack ")
    assert counts.startswith("Plan: 2 to create")
    assert result == "Result: 1 done, 1 failed, 0 skipped."


def test_of_many_changes_some_are_named_and_the_others_counted() -> None:
    many = plan(*(change(Action.CREATE, f"prompt/p{number}") for number in range(MOST + 3)))
    message = message_of(report(plan=many), {})
    assert (len(message["changes"]), message["more"]) == (MOST, 3)
    assert "and 3 more" in json.dumps(BODIES["slack"](message))
    assert "and 3 more" in json.dumps(BODIES["teams"](message))


def test_names_are_shown_as_they_are_and_wake_nobody_up() -> None:
    message = message_of(report(plan=FAILED.plan), {"CI_JOB_URL": "https://git.example.com/1"})
    slack = BODIES["slack"](message)["text"]
    assert "• `create prompt/b'&lt;!channel&gt;&amp;`" in slack
    assert slack.endswith("<https://git.example.com/1|Run>")
    card = BODIES["teams"](message)["attachments"][0]["content"]
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
    assert card["body"][-1]["inlines"][0]["text"] == "create prompt/b`<!channel>&"
    assert card["actions"][0]["url"] == "https://git.example.com/1"


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({}, None),
        (
            {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "o/r", "GITHUB_RUN_ID": "5"},
            "https://github.com/o/r/actions/runs/5",
        ),
        (
            {
                "SYSTEM_COLLECTIONURI": "https://dev.example.com/c/",
                "SYSTEM_TEAMPROJECT": "p",
                "BUILD_BUILDID": "7",
            },
            "https://dev.example.com/c/p/_build/results?buildId=7",
        ),
        ({"BUILD_URL": "https://jenkins.example.com/1"}, "https://jenkins.example.com/1"),
    ],
)
def test_the_run_of_each_pipeline_is_linked(environ: dict[str, str], url: str | None) -> None:
    assert run_url(environ) == url
