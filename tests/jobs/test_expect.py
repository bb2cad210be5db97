from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.client.api import completions
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError
from owui_sync.jobs import expect
from owui_sync.jobs.outcome import JobAnswer, Verdict
from owui_sync.kinds.names import IdIndex

ANSWER = JobAnswer(
    "To Reset it, open the page.", ({"id": "k1", "name": "Handbook", "type": "collection", "files": []},)
)


def verdicts(wanted: dict[str, Any], answered: JobAnswer = ANSWER, seconds: float = 2.0) -> tuple[Verdict, ...]:
    names = IdIndex()
    names.add("knowledge", "Renamed", "k1")
    return asyncio.run(expect.verdicts(None, wanted, answered, seconds, names))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wanted",
    [
        {"contains": ["reset"]},
        {"matches": [r"open the \w+"]},
        {"sources": ["Handbook"]},
        {"sources": ["Renamed"]},
        {"max_seconds": 2},
    ],
)
def test_what_is_met_needs_no_reason(wanted: dict[str, Any]) -> None:
    [verdict] = verdicts(wanted)
    assert (verdict.met, verdict.reason) == (True, "")


@pytest.mark.parametrize(
    ("check", "wanted", "there"),
    [
        ("contains", ["forget"], ""),
        ("matches", [r"^open"], ""),
        ("sources", ["Wiki"], "Handbook"),
        ("max_seconds", 1.5, "2.0"),
    ],
    ids=["contains", "matches", "sources", "max_seconds"],
)
def test_what_is_not_met_says_what_is_there(check: str, wanted: Any, there: str, golden: SnapshotAssertion) -> None:
    [verdict] = verdicts({check: wanted})
    assert not verdict.met
    assert there in verdict.reason
    assert verdict.reason == golden


def test_each_expectation_has_a_verdict_of_its_own() -> None:
    found = verdicts({"contains": ["reset", "forget"], "max_seconds": 1})
    assert [(each.check, each.met) for each in found] == [
        ("contains", True),
        ("contains", False),
        ("max_seconds", False),
    ]


def judged(monkeypatch: pytest.MonkeyPatch, *replies: str) -> Verdict:
    left = list(replies)

    async def answer(writer: Writer, body: Any, seconds: float) -> Any:
        assert "Is polite" in body["messages"][0]["content"]
        return {"choices": [{"message": {"content": left.pop(0)}}]}

    monkeypatch.setattr(completions, "answer", answer)
    return verdicts({"judge": {"model": "m", "criterion": "Is polite"}})[0]


def test_a_judge_says_yes_or_no_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    reply = json.dumps({"met": False, "reason": "It is rude."})
    assert judged(monkeypatch, f"Well:\n```json\n{reply}\n```") == Verdict("judge", "Is polite", False, "It is rude.")


def test_a_judge_that_answers_nonsense_is_asked_again_and_then_given_up(
    monkeypatch: pytest.MonkeyPatch, golden: SnapshotAssertion
) -> None:
    assert judged(monkeypatch, "yes", '{"met": "yes"}', '{"met": true}').met
    with pytest.raises(OwuiSyncError, match=r"\b3\b") as caught:
        judged(monkeypatch, "yes", "{", "[]")
    assert str(caught.value) == golden
