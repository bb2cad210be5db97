from __future__ import annotations

import pytest

from owui_sync.apply.outcome import Failure, Outcome, Status
from owui_sync.plan.types import Action
from owui_sync.report.outcome_lines import duration, outcome_lines
from tests.report.samples import change, outcome

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


def test_hundreds_of_skipped_changes_are_counted() -> None:
    many = [(change(Action.CREATE, f"model/{n}"), Status.SKIPPED, None) for n in range(300)]
    assert "  … 280 more skipped" in texts(outcome(*many))


def test_an_interruption_is_told() -> None:
    stopped = outcome((change(Action.CREATE, "model/a"), Status.DONE, None), interrupted=True)
    assert texts(stopped)[0] == "Interrupted. What was in flight was finished and recorded."


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (59.4, "59 s"), (59.9, "1 min 0 s"), (200, "3 min 20 s")]
)
def test_durations_have_units(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown
