from __future__ import annotations

from dataclasses import replace

import pytest

from owui_sync.apply.outcome import Failure, Outcome, Status
from owui_sync.plan.types import Action
from owui_sync.report.outcome_lines import duration, outcome_lines
from tests.support.samples import change, outcome

FAILURE = Failure("id \x1b[31mtaken\nby another", 400, "POST /api/v1/models/create", "choose another id")


def texts(result: Outcome, seconds: float = 3.21) -> list[str]:
    return [line.text for line in outcome_lines(result, seconds)]


def test_counts_and_time_are_told() -> None:
    done = outcome(
        (change(Action.CREATE, "model/a"), Status.DONE, None),
        (change(Action.UPDATE, "model/b"), Status.DONE, None),
        (change(Action.UPDATE, "model/c"), Status.DONE, None),
    )
    assert texts(done) == ["Applied: 1 created, 2 updated in 3.2 s"]


def test_a_failure_has_request_answer_and_help() -> None:
    failed = outcome((change(Action.CREATE, "model/a"), Status.FAILED, FAILURE))
    assert texts(failed) == [
        "  x model/a  create failed",
        "      POST /api/v1/models/create -> 400",
        "      id \\x1b[31mtaken",
        "      by another",
        "      help: choose another id",
        "",
        "Applied: nothing in 3.2 s; 1 failed",
    ]


def test_what_was_skipped_says_why() -> None:
    skipped = outcome((change(Action.UPDATE, "model/b"), Status.SKIPPED, Failure("needs model/a")))
    assert texts(skipped)[0] == "  · model/b  update skipped: needs model/a"
    assert texts(skipped)[-1].endswith("; 1 skipped")


def skipped(*reasons: str) -> Outcome:
    return outcome(
        *((change(Action.CREATE, f"model/{n}"), Status.SKIPPED, Failure(why)) for n, why in enumerate(reasons))
    )


@pytest.mark.parametrize(
    "why", ["the run was stopped before it", "the lock was lost before it", "the server no longer answered"]
)
def test_many_changes_skipped_for_one_reason_are_one_line(why: str) -> None:
    assert texts(skipped(*[why] * 1176, "needs group/x"))[:3] == [
        "  · model/1176  create skipped: needs group/x",
        f"  · 1,176 skipped: {why}",
        "",
    ]


def test_up_to_five_are_listed_even_with_the_same_reason() -> None:
    assert texts(skipped(*["why"] * 5))[:5] == [f"  · model/{n}  create skipped: why" for n in range(5)]


def test_hundreds_of_reasons_are_cut() -> None:
    assert "  … 280 more skipped" in texts(skipped(*map(str, range(300))))
    assert "  … 60 more skipped, for 10 more reasons" in texts(skipped(*[str(n) for n in range(30)] * 6))


def test_an_interruption_is_told() -> None:
    stopped = outcome((change(Action.CREATE, "model/a"), Status.DONE, None), interrupted=True)
    assert texts(stopped)[0] == "Interrupted. What was in flight was finished and recorded."


def test_what_could_not_be_recorded_is_not_said_to_be() -> None:
    result = replace(outcome(interrupted=True), unrecorded=Failure("gone", 500, "POST /api/v1/files/"))
    assert texts(result)[:4] == [
        "Interrupted. What was in flight was finished.",
        "What was done could not be recorded in the inventory:",
        "      POST /api/v1/files/ -> 500",
        "      gone",
    ]


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (59.4, "59 s"), (59.9, "1 min 0 s"), (200, "3 min 20 s")]
)
def test_durations_have_units(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown
