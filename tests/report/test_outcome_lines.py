from __future__ import annotations

from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.apply.outcome import Failure, Outcome, Status
from owui_sync.plan.types import Action
from owui_sync.report.outcome_lines import duration, outcome_lines
from tests.support.samples import change, outcome, whole_outcome
from tests.support.words import numbers_in

FAILURE = Failure("id \x1b[31mtaken\nby another", 400, "POST /api/v1/models/create", "choose another id")


def texts(result: Outcome, seconds: float = 3.21) -> list[str]:
    return [line.text for line in outcome_lines(result, seconds)]


def test_counts_and_time_are_told(golden: SnapshotAssertion) -> None:
    done = outcome(
        (change(Action.CREATE, "model/a"), Status.DONE, None),
        (change(Action.UPDATE, "model/b"), Status.DONE, None),
        (change(Action.UPDATE, "model/c"), Status.DONE, None),
    )
    [line] = texts(done)
    assert numbers_in(line) == ["1", "2", "3.2"]
    assert line == golden


def test_a_failure_has_request_answer_and_help(golden: SnapshotAssertion) -> None:
    failed = outcome((change(Action.CREATE, "model/a"), Status.FAILED, FAILURE))
    head, request, *answer, help, blank, end = texts(failed)
    assert "model/a" in head
    assert "POST /api/v1/models/create" in request
    assert numbers_in(request) == ["1", "400"]
    assert [line.strip() for line in answer] == ["id \\x1b[31mtaken", "by another"]
    assert help.endswith("choose another id")
    assert blank == ""
    assert numbers_in(end) == ["3.2", "1"]
    assert "\n".join(texts(failed)) == golden


def test_what_was_done_in_part_is_told_as_done_and_with_what_failed() -> None:
    some = outcome(
        (change(Action.CREATE, "knowledge/k"), Status.DONE, Failure("`a.md` was not added: it has no text")),
        (change(Action.CREATE, "model/a"), Status.DONE, None),
    )
    assert texts(some) == [
        "  x knowledge/k  created, but not all of it",
        "      `a.md` was not added: it has no text",
        "",
        "Applied: 2 created in 3.2 s; 1 incomplete",
    ]


def test_what_was_skipped_says_why(golden: SnapshotAssertion) -> None:
    first, *_, end = lines = texts(skipped("needs group/x"))
    assert "model/0" in first
    assert first.endswith("needs group/x")
    assert numbers_in(end) == ["3.2", "1"]
    assert "\n".join(lines) == golden


def skipped(*reasons: str) -> Outcome:
    return outcome(
        *((change(Action.CREATE, f"model/{n}"), Status.SKIPPED, Failure(why)) for n, why in enumerate(reasons))
    )


@pytest.mark.parametrize(
    "why",
    ["the run was stopped before it", "the lock was lost before it", "the server no longer answered"],
    ids=["stopped", "lock", "silence"],
)
def test_many_changes_skipped_for_one_reason_are_one_line(why: str, golden: SnapshotAssertion) -> None:
    one, many, blank, end = texts(skipped(*[why] * 1176, "needs group/x"))
    assert "model/1176" in one
    assert one.endswith("needs group/x")
    assert (numbers_in(many), many.endswith(why), blank) == (["1,176"], True, "")
    assert [one, many, end] == golden


def test_up_to_five_are_listed_even_with_the_same_reason() -> None:
    lines = texts(skipped(*["why"] * 5))[:5]
    assert [(line.split()[1], line.split()[-1]) for line in lines] == [(f"model/{n}", "why") for n in range(5)]


def test_hundreds_of_reasons_are_cut(golden: SnapshotAssertion) -> None:
    cut = texts(skipped(*map(str, range(300))))[-3]
    repeated = texts(skipped(*[str(n) for n in range(30)] * 6))[-3]
    assert (numbers_in(cut), numbers_in(repeated)) == (["280"], ["60", "10"])
    assert [cut, repeated] == golden


def test_an_interruption_is_told(golden: SnapshotAssertion) -> None:
    stopped = outcome((change(Action.CREATE, "model/a"), Status.DONE, None), interrupted=True)
    assert texts(stopped) == golden


def test_what_could_not_be_recorded_is_not_said_to_be(golden: SnapshotAssertion) -> None:
    result = replace(outcome(interrupted=True), unrecorded=Failure("gone", 500, "POST /api/v1/files/"))
    first, _, request, answer, *_ = lines = texts(result)
    assert "recorded" not in first
    assert "POST /api/v1/files/" in request
    assert numbers_in(request) == ["1", "500"]
    assert answer.strip() == "gone"
    assert "\n".join(lines) == golden


def test_an_outcome_with_everything_reads_well(golden: SnapshotAssertion) -> None:
    lines = texts(whole_outcome(), 83)
    assert [line.split()[:2] for line in lines if line[:2] == "  " and line[2] in "x·"] == [
        ["x", "model/faq"],
        ["·", "model/fork"],
    ]
    assert "\n".join(lines) == golden


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (59.4, "59 s"), (59.9, "1 min 0 s"), (200, "3 min 20 s")]
)
def test_durations_have_units(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown
